//! `paiban what-if`: a patched copy of a problem, planned and compared with the original.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use paiban_solver::control::{Options, Silent};
use paiban_solver::document::answers::DifferenceDocument;
use paiban_solver::document::{RosterDocument, patched};
use paiban_solver::explain::compare::compare;
use paiban_solver::problem::{Duty, Problem};

use super::BadInput;
use super::diff;
use super::files::{from_errors, read_problem, read_roster, read_text, write_json};

/// Options of `paiban what-if`.
#[derive(Debug, Args)]
pub(super) struct WhatIfArgs {
    /// The problem
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// JSON merge patch of the problem document; lists of things with ids may be patched by id
    #[arg(long, value_name = "PATCH")]
    patch: PathBuf,
    /// Roster of the original; planned too when left out
    #[arg(long, value_name = "ROSTER")]
    roster: Option<PathBuf>,
    /// Write the roster of the copy to this file
    #[arg(long, value_name = "ROSTER")]
    out: Option<PathBuf>,
    /// Stop each solve after so many seconds
    #[arg(long, default_value_t = 60)]
    time_limit: u32,
    /// Worker threads
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &WhatIfArgs) -> anyhow::Result<ExitCode> {
    let document = read_problem(&args.file)?;
    let problem = document.to_problem().map_err(|errors| from_errors(&args.file, &errors))?;
    let text = read_text(&args.patch)?;
    let patch: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| BadInput(format!("error[not-json]: {}: {error}", args.patch.display())))?;
    let copy = patched(&document, &patch).map_err(|error| from_errors(&args.patch, &[error]))?;
    let changed = copy.to_problem().map_err(|errors| from_errors(&args.patch, &errors))?;
    let options = Options {
        time_limit: Duration::from_secs(u64::from(args.time_limit)),
        threads: usize::from(args.threads),
        seed: args.seed,
        ..Options::default()
    };
    let before = match &args.roster {
        Some(path) => read_roster(path)?.duties(&problem).map_err(|errors| from_errors(path, &errors))?,
        None => solve(&problem, &options)?.0,
    };
    let (after, outcome) = solve(&changed, &options)?;
    if let Some(path) = &args.out {
        write_json(path, &RosterDocument::from_outcome(&changed, &outcome, &copy.input_hash(), &options))?;
    }
    let difference = compare((&problem, &before), (&changed, &after));
    diff::print(&DifferenceDocument::from(difference), args.json)?;
    Ok(ExitCode::SUCCESS)
}

fn solve(problem: &Problem, options: &Options) -> anyhow::Result<(Vec<Duty>, paiban_solver::roster::Outcome)> {
    let outcome = paiban_solver::solve(problem, options, &Silent)
        .map_err(|clash| anyhow::anyhow!("error[infeasible]: {clash}; release one of these pins"))?;
    Ok((outcome.roster.duties.clone(), outcome))
}
