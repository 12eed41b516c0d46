//! `paiban diff`: two rosters of one problem side by side.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use paiban_solver::document::answers::DifferenceDocument;
use paiban_solver::explain::compare::compare;

use super::files::{from_errors, read_roster};
use super::loaded::{RosterArgs, print_json};
use super::say::say;

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
        say!("tier{tier}: {} -> {} ({:+})", values.before, values.after, values.after - values.before);
    }
    for (rule, values) in &difference.rules {
        say!("rule.{rule}: {} -> {} ({:+})", values.before, values.after, values.after - values.before);
    }
    say!("people changed: {}", difference.people.len());
    say!("duties removed: {}", difference.removed.len());
    say!("duties added: {}", difference.added.len());
    for duty in &difference.removed {
        say!("- {}@{}", duty.person, duty.need);
    }
    for duty in &difference.added {
        say!("+ {}@{}", duty.person, duty.need);
    }
    Ok(())
}
