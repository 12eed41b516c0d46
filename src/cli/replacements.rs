//! `paiban replacements`: the best people for a duty, each with the exact change of every tier.

use std::process::ExitCode;

use clap::Args;
use paiban_solver::document::answers::ReplacementDocument;
use paiban_solver::explain::fill::replacements;
use paiban_solver::explain::scene::Scene;

use super::BadInput;
use super::loaded::{RosterArgs, line, print_json, tiers};
use super::say::say;

/// Options of `paiban replacements`.
#[derive(Debug, Args)]
pub(super) struct ReplacementsArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// The duty, as PERSON@NEED
    #[arg(long, value_name = "PERSON@NEED")]
    duty: String,
    /// So many people
    #[arg(long, default_value_t = 5)]
    top: usize,
    /// The present holder takes no other duty in exchange
    #[arg(long)]
    no_exchange: bool,
}

pub(super) fn run(args: &ReplacementsArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    let duty = args
        .duty
        .split_once('@')
        .and_then(|(person, need)| {
            let named = |duty: &&paiban_solver::problem::Duty| {
                loaded.problem.people[duty.person.index()].id == person
                    && loaded.problem.needs[duty.need.index()].id == need
            };
            loaded.duties.iter().find(named).copied()
        })
        .ok_or_else(|| {
            BadInput(format!("error[unknown-duty]: the roster has no duty {:?}; write PERSON@NEED", args.duty))
        })?;
    let (street, _) = loaded.street_of(duty.need);
    let scene = Scene::of_street(&street);
    let (Some(person), Some(need)) = (street.person(duty.person), street.need(duty.need)) else {
        anyhow::bail!("error[internal]: the duty is not in its own street");
    };
    let found: Vec<ReplacementDocument> = replacements(&scene, person, need, args.top, !args.no_exchange)
        .iter()
        .map(|filling| ReplacementDocument::new(&street.problem, filling, person))
        .collect();
    if args.files.json {
        print_json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (place, replacement) in (1..).zip(&found) {
        let place: i32 = place;
        say!(
            "{place}. {} ({}) {}: {}",
            replacement.name,
            replacement.person,
            replacement.kind,
            tiers(&replacement.effect.tiers)
        );
        for duty in &replacement.change.removed {
            say!("   - {}", line(duty));
        }
        for duty in &replacement.change.added {
            say!("   + {}", line(duty));
        }
    }
    if found.is_empty() {
        say!("nobody can take the duty without breaking a rule");
    }
    Ok(ExitCode::SUCCESS)
}
