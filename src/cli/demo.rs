//! `paiban demo`: an invented city, as the problem document of its week, as data in a database, or both.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::BadInput;
use super::files::write_json;
use super::say::say;
use super::serve::{coded, open_database, system_sources};
use crate::config::{Settings, SettingsArgs};
use crate::demo::{DemoCity, Preset, generate, problem_document};
use crate::planning::demo_load::{LoadOutcome, load_demo};

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
    out: Option<PathBuf>,
    /// Load the data into the database, all of it or nothing
    #[arg(long)]
    load: bool,
    #[command(flatten)]
    settings: SettingsArgs,
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

pub(super) fn run(args: DemoArgs) -> anyhow::Result<()> {
    if args.out.is_none() && !args.load {
        return Err(
            BadInput("error[nothing-to-do]: give --out FILE.json, or --load with --database-url".to_owned()).into()
        );
    }
    let city = generate(args.preset.into(), args.seed, args.week);
    if let Some(out) = &args.out {
        let document = problem_document(&city);
        write_json(out, &document)?;
        say!("places: {}", document.places.len());
        say!("people: {}", document.people.len());
        say!("posts: {}", document.needs.len());
        say!("cases: {}", document.cases.len());
        say!("receptions: {}", document.receptions.len());
    }
    if args.load { load(&city, args.settings) } else { Ok(()) }
}

fn load(city: &DemoCity, settings: SettingsArgs) -> anyhow::Result<()> {
    let settings = Settings::load(settings)?;
    let db = open_database(&settings)?;
    match load_demo(&db, city, &*system_sources().clock).map_err(coded)? {
        LoadOutcome::Loaded { units, stations, people } => {
            say!("loaded: {units} units, {stations} stations, {people} people into {}", settings.database_url);
        }
        LoadOutcome::AlreadyLoaded(demo) => {
            say!("loaded before: preset {}, seed {}; nothing was changed", demo.preset, demo.seed);
        }
    }
    Ok(())
}
