//! `paiban demo`: an invented city's week as a problem document.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::files::write_json;
use crate::demo::{Preset, generate, problem_document};

/// Options of `paiban demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Size: one street, a district of eleven streets, or the city of 159
    #[arg(long, value_enum, default_value = "district")]
    preset: PresetArg,
    /// Seed: the same seed gives the same city
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Any day of the week to plan; its Monday counts
    #[arg(long, value_name = "DATE", default_value = "2026-11-30")]
    week: NaiveDate,
    /// Write the week's problem document to this file
    #[arg(long, value_name = "FILE.json")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PresetArg {
    Street,
    District,
    City,
}

impl From<PresetArg> for Preset {
    fn from(preset: PresetArg) -> Self {
        match preset {
            PresetArg::Street => Self::Street,
            PresetArg::District => Self::District,
            PresetArg::City => Self::City,
        }
    }
}

pub(super) fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let city = generate(args.preset.into(), args.seed, args.week);
    let document = problem_document(&city);
    write_json(&args.out, &document)?;
    println!("places: {}", document.places.len());
    println!("people: {}", document.people.len());
    println!("posts: {}", document.needs.len());
    Ok(())
}
