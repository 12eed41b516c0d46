//! `paiban check`: judges a roster by the independent checker.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use paiban_solver::check::check;
use paiban_solver::formats::{Format, curtois, inrc2};
use paiban_solver::problem::{Duty, Problem};
use paiban_solver::roster::objective;

use super::BadInput;
use super::cases_line::{print_cases, print_receptions};
use super::files::{from_errors, read_roster, read_text};
use super::input::InputArgs;
use super::say::say;

/// Options of `paiban check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The problem and the roster; for inrc2 the roster alone
    #[arg(value_name = "FILE", num_args = 1..=2, required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    /// Print every broken place of the soft rules too, not only of tier 0
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let (problem_file, roster_file) = match args.files.as_slice() {
        [problem, roster] => (Some(problem.as_path()), roster.as_path()),
        [roster] => (None, roster.as_path()),
        _ => return Err(BadInput("error[missing-file]: name the problem and the roster".to_owned()).into()),
    };
    let read = args.input.read(problem_file)?;
    let mut claims_hold = true;
    let duties = match args.input.format.published() {
        Some(format) => published_duties(format, &read.problem, roster_file)?,
        None => {
            let roster = read_roster(roster_file)?;
            let duties = roster.duties(&read.problem).map_err(|errors| from_errors(roster_file, &errors))?;
            let hash = read.input_hash.as_deref().unwrap_or_default();
            if roster.certificate.input_hash != hash {
                eprintln!("error[input-hash]: the roster was made for another problem; solve this one");
                claims_hold = false;
            }
            let score = check(&read.problem, &duties).score;
            let values: Vec<i64> = roster.tiers.iter().map(|tier| tier.value).collect();
            if values != score.tiers {
                eprintln!("error[tier-values]: the roster claims {values:?}, the checker counts {:?}", score.tiers);
                claims_hold = false;
            }
            duties
        }
    };
    let report = check(&read.problem, &duties);
    for broken in report.broken.iter().filter(|broken| args.all || broken.code.is_hard()) {
        say!("broken.{}: {} {}", broken.code, broken.en, broken.zh);
    }
    for (code, (places, cost)) in report.counts() {
        say!("rule.{code}: {cost} ({places} places)");
    }
    for (number, value) in report.score.tiers.iter().enumerate() {
        say!("tier{}.value: {value}", number + 1);
    }
    say!("duties: {}", duties.len());
    print_cases(report.settlements.iter().copied());
    print_receptions(report.held.iter().map(Option::is_some));
    say!("objective: {}", objective(report.score.tiers));
    say!("feasible: {}", report.is_feasible());
    Ok(if report.is_feasible() && claims_hold { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn published_duties(format: Format, problem: &Problem, path: &Path) -> Result<Vec<Duty>, BadInput> {
    let text = read_text(path)?;
    let read = match format {
        Format::Curtois => curtois::read_roster(problem, &text),
        Format::Inrc2 => {
            // A file may hold several weeks, one after the other, each with its own heading.
            let starts: Vec<usize> = text.match_indices("SOLUTION").map(|(at, _)| at).collect();
            let ends = starts.iter().skip(1).copied().chain([text.len()]);
            let weeks = starts.iter().copied().zip(ends).enumerate();
            weeks
                .map(|(week, (from, to))| {
                    let week = u16::try_from(week).unwrap_or(u16::MAX);
                    inrc2::read_solution(problem, week, text.get(from..to).unwrap_or_default())
                })
                .collect::<Result<Vec<_>, _>>()
                .map(|weeks| weeks.concat())
        }
    };
    read.map_err(|error| BadInput(format!("error[{}]: {}: {error}", error.code, path.display())))
}
