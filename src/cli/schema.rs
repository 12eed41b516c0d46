//! `paiban schema`: prints the JSON schemas of problem and roster documents.

use clap::{Args, ValueEnum};
use paiban_solver::document::{problem_schema, roster_schema};

use super::say::say;

/// Options of `paiban schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Only this document's schema; both, as one object, when left out
    document: Option<Document>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Document {
    Problem,
    Roster,
}

pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<()> {
    let text = match args.document {
        Some(Document::Problem) => serde_json::to_string_pretty(&problem_schema())?,
        Some(Document::Roster) => serde_json::to_string_pretty(&roster_schema())?,
        None => serde_json::to_string_pretty(&serde_json::json!({
            "problem": problem_schema(),
            "roster": roster_schema(),
        }))?,
    };
    say!("{text}");
    Ok(())
}
