//! `paiban explain`: why needs are unmet, who is near, and what would mend them.

use std::process::ExitCode;

use clap::Args;
use paiban_solver::document::answers::{ExplanationDocument, explain_need};
use paiban_solver::explain::scene::Scene;
use paiban_solver::explain::unmet::missing;

use super::BadInput;
use super::loaded::{RosterArgs, print_json, tiers};
use super::say::say;

/// Options of `paiban explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// Only this need
    #[arg(long, value_name = "NEED")]
    need: Option<String>,
    /// Explain at most so many needs
    #[arg(long, default_value_t = 50)]
    most: usize,
}

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    let scene = Scene::new(&loaded.problem, loaded.by_person());
    let mut unmet = missing(&scene);
    if let Some(id) = &args.need {
        unmet.retain(|(need, _)| loaded.problem.needs[need.index()].id == *id);
        if unmet.is_empty() {
            return Err(BadInput(format!("error[unknown-id]: no unmet need has the id {id:?}")).into());
        }
    }
    let all = unmet.len();
    let found: Vec<ExplanationDocument> =
        unmet.into_iter().take(args.most).map(|(need, missing)| explain_need(&scene, need, missing)).collect();
    if args.files.json {
        print_json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    say!("unmet: {all}");
    for need in &found {
        say!("{}: {}", need.unmet.need, need.unmet.reason_en);
        say!("  {}", need.unmet.reason_zh);
        for near in &need.nearest {
            let way = near.metres.map(|metres| format!(", {metres} m away")).unwrap_or_default();
            let stops: Vec<String> = near.stopped_by.iter().map(|stop| format!("{} {}", stop.rule, stop.en)).collect();
            let stops = if stops.is_empty() { "no rule stops this person".to_owned() } else { stops.join(" ") };
            say!("  near: {} ({}){way}: {stops}", near.name, near.person);
        }
        for repair in &need.repairs {
            let rules: Vec<&str> = repair.effect.broken.iter().map(|broken| broken.rule.as_str()).collect();
            let over = if rules.is_empty() { String::new() } else { format!(", overrides {}", rules.join(" ")) };
            say!("  repair ({}): {} {}{over}", repair.kind, repair.en, tiers(&repair.effect.tiers));
        }
    }
    Ok(ExitCode::SUCCESS)
}
