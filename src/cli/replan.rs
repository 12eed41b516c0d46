//! `paiban replan`: events against a published roster, with the proven least number of people changed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use paiban_solver::check::check;
use paiban_solver::document::answers::{ReplanDocument, duty_document};
use paiban_solver::document::{EventDocument, RosterDocument, resolve_events};
use paiban_solver::explain::street::{Street, by_person};
use paiban_solver::problem::Duty;
use paiban_solver::replan::{ReplanOptions, apply, replan_street, streets_touched};
use paiban_solver::roster::objective;

use super::BadInput;
use super::files::{from_errors, read_text, write_json};
use super::loaded::{RosterArgs, line, print_json};
use super::say::say;

/// Options of `paiban replan`.
#[derive(Debug, Args)]
pub(super) struct ReplanArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// An event or a list of events as JSON, or @FILE with a list of events; may be given several times
    #[arg(long, visible_alias = "events", value_name = "JSON", required = true)]
    event: Vec<String>,
    /// Change at most so many people, even if more needs stay unmet
    #[arg(long, value_name = "N")]
    most_people: Option<usize>,
    /// Seconds for each street
    #[arg(long, default_value_t = 10)]
    seconds: u16,
    /// Write the new roster to this file
    #[arg(long, value_name = "ROSTER")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &ReplanArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    let documents = events(&args.event)?;
    let events = resolve_events(&loaded.problem, &documents)
        .map_err(|errors| from_errors(std::path::Path::new("--event"), &errors))?;
    let mut problem = loaded.problem.clone();
    // The roster itself is what is changed least; a still older one no longer counts.
    problem.published.clear();
    for event in &events {
        apply(&mut problem, event);
    }
    let mut own = by_person(&problem, &loaded.duties);
    let options =
        ReplanOptions { most_people: args.most_people, time_limit: Duration::from_secs(u64::from(args.seconds)) };
    let mut found = Vec::new();
    for street in streets_touched(&problem, &events, &loaded.duties) {
        let id = street.map(|unit| loaded.unit_id(unit));
        let part = Street::of(&problem, &own, street);
        let made = replan_street(&part, options);
        found.push(ReplanDocument::new(&part, id, &made));
        for (local, needs) in made.duties.iter().enumerate() {
            own[part.people[local].index()] = needs.iter().map(|need| part.needs[need.index()]).collect();
        }
    }
    let duties: Vec<Duty> = own
        .iter()
        .enumerate()
        .flat_map(|(person, needs)| needs.iter().map(move |&need| (person, need)))
        .filter_map(|(person, need)| {
            let span = problem.needs[need.index()].as_post()?.span;
            Some(Duty { person: paiban_solver::problem::PersonIx::from_index(person), need, span })
        })
        .collect();
    let report = check(&problem, &duties);
    if let Some(path) = &args.out {
        write_json(path, &roster(&loaded.roster, &problem, &duties, &report.score))?;
    }
    if args.files.json {
        print_json(&found)?;
    } else {
        print(&found);
    }
    for broken in report.hard().take(20) {
        eprintln!("error[{}]: {}", broken.code, broken.en);
    }
    Ok(ExitCode::from(u8::from(!report.is_feasible())))
}

fn print(found: &[ReplanDocument]) {
    if found.is_empty() {
        say!("the events touch no duty: the roster stands");
    }
    for street in found {
        say!("street: {}", street.street.as_deref().unwrap_or("-"));
        let proof = |name: &str, proof: &paiban_solver::document::answers::ProofDocument| {
            let bound = proof.bound.map_or_else(|| "none".to_owned(), |bound| bound.to_string());
            say!("  {name}.value: {}\n  {name}.bound: {bound}", proof.value);
        };
        proof("tier1", &street.tier1);
        proof("people", &street.people);
        proof("tier2", &street.tier2);
        proof("tier3", &street.tier3);
        say!("  forced: {}", street.forced);
        say!("  seconds: {:.3}", street.seconds);
        for duty in &street.change.removed {
            say!("  - {}", line(duty));
        }
        for duty in &street.change.added {
            say!("  + {}", line(duty));
        }
    }
}

fn events(texts: &[String]) -> Result<Vec<EventDocument>, BadInput> {
    let mut found = Vec::new();
    for text in texts {
        let bad =
            |error: serde_json::Error| BadInput(format!("error[invalid-event]: {error}; see docs/explanations.md"));
        let text = match text.strip_prefix('@') {
            Some(path) => read_text(std::path::Path::new(path))?,
            None => text.clone(),
        };
        if text.trim_start().starts_with('[') {
            found.extend(serde_json::from_str::<Vec<EventDocument>>(&text).map_err(bad)?);
        } else {
            found.push(serde_json::from_str(&text).map_err(bad)?);
        }
    }
    Ok(found)
}

/// The new roster; its bounds are left at values that claim nothing, since only the touched streets were proven.
fn roster(
    before: &RosterDocument,
    problem: &paiban_solver::problem::Problem,
    duties: &[Duty],
    score: &paiban_solver::roster::Score,
) -> RosterDocument {
    let mut roster = before.clone();
    roster.duties = duties.iter().map(|duty| duty_document(problem, duty.person, duty.need)).collect();
    roster.objective = objective(score.tiers);
    roster.objective_bound = 0;
    roster.status = paiban_solver::document::StatusDocument::Feasible;
    roster.rules =
        score.rules.iter().filter(|(_, cost)| **cost != 0).map(|(code, cost)| (code.to_string(), *cost)).collect();
    for (tier, value) in roster.tiers.iter_mut().zip(score.tiers) {
        tier.value = value;
        tier.bound = 0;
        tier.gap = if value == 0 { 0.0 } else { 1.0 };
        "replan: see the proof of the streets touched".clone_into(&mut tier.method);
    }
    let scene = paiban_solver::explain::scene::Scene::new(problem, by_person(problem, duties));
    roster.unmet = paiban_solver::explain::unmet::missing(&scene)
        .into_iter()
        .map(|(need, missing)| {
            let counted = paiban_solver::explain::unmet::count(&scene, need, missing);
            paiban_solver::document::UnmetDocument {
                need: problem.needs[need.index()].id.clone(),
                missing,
                stopped_by: counted.stopped_by.iter().map(|(code, people)| (code.to_string(), *people)).collect(),
                busy_elsewhere: counted.busy_elsewhere,
                reason_zh: paiban_solver::document::reason_zh(&counted),
                reason_en: paiban_solver::document::reason_en(&counted),
            }
        })
        .collect();
    roster
}
