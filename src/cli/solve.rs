//! `paiban solve`: makes a roster for a problem file and proves how good it is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use paiban_solver::check::check;
use paiban_solver::control::Options;
use paiban_solver::document::RosterDocument;
use paiban_solver::formats::inrc2::{self, LookAhead, plan_by_stages};
use paiban_solver::formats::{self, Format};
use paiban_solver::problem::Problem;
use paiban_solver::roster::{Outcome, Status, objective};

use super::BadInput;
use super::cases_line::{print_cases, print_receptions};
use super::files::{write_json, write_text};
use super::input::InputArgs;
use super::progress::Terminal;
use super::say::say;

/// Options of `paiban solve`.
#[derive(Debug, Args)]
pub(super) struct SolveArgs {
    /// The problem (not for inrc2, whose files are named by options)
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    /// Stop after so many seconds and keep the best roster [default: a second for each street, at least 60]
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// Worker threads
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop by itself once the proven gap of tiers 1, 2 and 3 is at most these shares of the tiers' own values
    #[arg(long, num_args = 3, value_names = ["TIER1", "TIER2", "TIER3"])]
    stop_at_gap: Option<Vec<f64>>,
    /// Write the roster to this file
    #[arg(long, value_name = "ROSTER")]
    out: PathBuf,
    /// Print every step of the search on a line of its own, on stderr
    #[arg(long)]
    steps: bool,
    /// Plan the weeks one after the other, each with only the history known, as the competition does (inrc2); the
    /// time limit is shared out among them, and the history after each week is written beside the roster
    #[arg(long)]
    by_stages: bool,
    /// With --by-stages: do not spread assignments and weekends over the weeks to come
    #[arg(long, requires = "by_stages")]
    no_look_ahead: bool,
}

fn gap_limits(args: &SolveArgs) -> Result<[f64; 3], BadInput> {
    let Some(given) = &args.stop_at_gap else { return Ok(Options::default().gap_limits) };
    let limits: Option<[f64; 3]> = given.as_slice().try_into().ok();
    limits.filter(|limits| limits.iter().all(|limit| (0.0..=1.0).contains(limit))).ok_or_else(|| {
        BadInput(format!("error[stop-at-gap]: {given:?}; give three shares from 0 to 1, such as 0 0.005 0.02"))
    })
}

/// Most seconds that a solve may be given: a week.
const MAX_SECONDS: f64 = 7.0 * 86_400.0;

/// Seconds given to small problems unless the user says otherwise.
const LEAST_USUAL_SECONDS: f64 = 60.0;

/// Seconds given to a problem unless the user says otherwise: a second for each street.
fn usual_seconds(problem: &Problem) -> f64 {
    u32::try_from(problem.streets()).map_or(LEAST_USUAL_SECONDS, f64::from).max(LEAST_USUAL_SECONDS)
}

pub(super) fn run(args: &SolveArgs) -> anyhow::Result<ExitCode> {
    if let Some(seconds) = args.time_limit.filter(|&seconds| !(seconds > 0.0 && seconds <= MAX_SECONDS)) {
        return Err(BadInput(format!(
            "error[time-limit]: {seconds} seconds; give more than 0 and at most {MAX_SECONDS}"
        ))
        .into());
    }
    if args.by_stages {
        return run_by_stages(args);
    }
    let read = args.input.read(args.file.as_deref())?;
    let time_limit = args.time_limit.unwrap_or_else(|| usual_seconds(&read.problem));
    let options = Options {
        time_limit: Duration::from_secs_f64(time_limit),
        threads: usize::from(args.threads),
        seed: args.seed,
        gap_limits: gap_limits(args)?,
    };
    let terminal = Terminal::start(time_limit, args.steps)?;
    let solved = paiban_solver::solve(&read.problem, &options, &terminal);
    terminal.finish();
    let outcome = match solved {
        Ok(outcome) => outcome,
        Err(clash) => {
            for fact in &clash.facts {
                eprintln!("error[infeasible]: {} {}: {}", fact.code, fact.en, fact.zh);
            }
            anyhow::bail!("error[infeasible]: {clash}; release one of these pins and solve again");
        }
    };
    match args.input.format.published() {
        None => {
            let hash = read.input_hash.as_deref().unwrap_or_default();
            write_json(&args.out, &RosterDocument::from_outcome(&read.problem, &outcome, hash, &options))?;
        }
        Some(format) => write_published(format, &read.problem, &outcome, &args.out)?,
    }
    print(&outcome);
    let report = check(&read.problem, &outcome.roster.duties);
    if report.is_feasible() {
        return Ok(ExitCode::SUCCESS);
    }
    for broken in report.hard().take(20) {
        eprintln!("error[{}]: {}", broken.code, broken.en);
    }
    Ok(ExitCode::from(1))
}

/// Plans INRC-II weeks one at a time and judges them as a whole.
fn run_by_stages(args: &SolveArgs) -> anyhow::Result<ExitCode> {
    let files = args.input.read_inrc2()?;
    let started = Instant::now();
    let time_limit = args.time_limit.unwrap_or(LEAST_USUAL_SECONDS);
    let share = time_limit / f64::from(u32::try_from(files.weeks.len().max(1))?);
    let options = Options {
        time_limit: Duration::from_secs_f64(share),
        threads: usize::from(args.threads),
        seed: args.seed,
        ..Options::default()
    };
    let look_ahead = if args.no_look_ahead { LookAhead::Off } else { LookAhead::Paced };
    let terminal = Terminal::start(time_limit, args.steps)?;
    let plan =
        |_: usize, week: &Problem| paiban_solver::solve(week, &options, &terminal).map(|outcome| outcome.roster.duties);
    let staged = plan_by_stages(&files.scenario, &files.history, &files.weeks, look_ahead, plan);
    terminal.finish();
    let staged = staged.map_err(|clash| anyhow::anyhow!("error[infeasible]: {clash}"))?;
    let texts = inrc2::write_solutions(&staged.whole, &staged.duties, files.history.week);
    write_weeks(&texts, &args.out)?;
    for (week, history) in staged.histories.iter().enumerate() {
        write_text(&beside(&args.out, &format!("history{week}")), &inrc2::write_history(&staged.whole, history))?;
    }
    let report = check(&staged.whole, &staged.duties);
    say!("duties: {}", staged.duties.len());
    for (code, cost) in report.score.rules.iter().filter(|(_, cost)| **cost != 0) {
        say!("rule.{code}: {cost}");
    }
    // Weeks planned one at a time prove nothing about the whole.
    let value = objective(report.score.tiers);
    say!("objective: {value}");
    say!("bound: 0");
    say!("gap: {:.6}", gap(value, 0));
    say!("seconds: {:.3}", started.elapsed().as_secs_f64());
    Ok(if report.is_feasible() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Status, tiers and rules, then the four lines that programs read.
fn print(outcome: &Outcome) {
    let status = match outcome.status {
        Status::Optimal => "optimal",
        Status::Feasible => "feasible",
        Status::Stopped => "stopped",
    };
    say!("status: {status}");
    say!("duties: {}", outcome.roster.duties.len());
    say!("unmet: {}", outcome.unmet.len());
    print_cases(outcome.cases.iter().map(|case| case.settlement));
    print_receptions(outcome.receptions.iter().map(|reception| reception.held.is_some()));
    for tier in &outcome.certificate.tiers {
        let number = tier.tier.number();
        say!("tier{number}.value: {}", tier.value);
        say!("tier{number}.bound: {}", tier.bound);
        say!("tier{number}.gap: {:.6}", tier.gap());
    }
    for (code, cost) in outcome.score.rules.iter().filter(|(_, cost)| **cost != 0) {
        say!("rule.{code}: {cost}");
    }
    let value = objective(outcome.score.tiers);
    let bound = outcome.certificate.objective_bound;
    say!("objective: {value}");
    say!("bound: {bound}");
    say!("gap: {:.6}", gap(value, bound));
    say!("seconds: {:.3}", outcome.certificate.seconds);
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
fn gap(value: i64, bound: i64) -> f64 {
    if value == bound { 0.0 } else { value.saturating_sub(bound) as f64 / value.abs().max(1) as f64 }
}

/// One file; a plan of several INRC-II weeks also as one file a week beside it, as the competition's validator wants.
fn write_published(format: Format, problem: &Problem, outcome: &Outcome, out: &Path) -> anyhow::Result<()> {
    write_weeks(&formats::write(format, problem, &outcome.roster.duties), out)
}

fn write_weeks(texts: &[String], out: &Path) -> anyhow::Result<()> {
    write_text(out, &texts.join("\n"))?;
    if texts.len() > 1 && (!out.exists() || out.is_file()) {
        for (week, text) in texts.iter().enumerate() {
            write_text(&beside(out, &format!("week{week}")), text)?;
        }
    }
    Ok(())
}

/// A file beside another one, named after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{name}.{ending}"))
}
