//! `paiban diff`: two rosters of one problem side by side.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use paiban_solver::document::answers::DifferenceDocument;
use paiban_solver::explain::compare::compare;

use super::files::{from_errors, read_roster};
use super::loaded::{RosterArgs, print_json};

/// Options of `paiban diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// The other roster
    #[arg(value_name = "OTHER")]
    other: PathBuf,
}

pub(super) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    let other = read_roster(&args.other)?;
    let duties = other.duties(&loaded.problem).map_err(|errors| from_errors(&args.other, &errors))?;
    let difference = compare((&loaded.problem, &loaded.duties), (&loaded.problem, &duties));
    print(&DifferenceDocument::from(difference), args.files.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a comparison.
pub(super) fn print(difference: &DifferenceDocument, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(difference);
    }
    for (tier, values) in &difference.tiers {
        println!("tier{tier}: {} -> {} ({:+})", values.before, values.after, values.after - values.before);
    }
    for (rule, values) in &difference.rules {
        println!("rule.{rule}: {} -> {} ({:+})", values.before, values.after, values.after - values.before);
    }
    println!("people changed: {}", difference.people.len());
    println!("duties removed: {}", difference.removed.len());
    println!("duties added: {}", difference.added.len());
    for duty in &difference.removed {
        println!("- {}@{}", duty.person, duty.need);
    }
    for duty in &difference.added {
        println!("+ {}@{}", duty.person, duty.need);
    }
    Ok(())
}
