//! `paiban cases`: what is due, the watch over deadlines, and the report of the three rates, on the terminal.

use chrono::{Datelike as _, NaiveDate};
use clap::{Args, Subcommand, ValueEnum};
use unicode_width::UnicodeWidthStr as _;

use super::say::say;
use super::serve::{coded, open_database, system_sources};
use crate::cases::report::{ReportRow, ReportScope, report};
use crate::cases::watch::sweep;
use crate::config::{Settings, SettingsArgs};
use crate::db::case_counts::CountBy;
use crate::db::cases::{self, CaseFilter};
use crate::db::{DbResult, MAX_PAGE, Page, units};
use crate::domain::{UnitId, local_date};

use super::BadInput;

/// Options of `paiban cases`.
#[derive(Debug, Args)]
pub(super) struct CasesArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List open cases by deadline
    List(ListArgs),
    /// Warn of near deadlines and send late cases up, once (the server does this by itself)
    Sweep {
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Report response, solution and satisfaction
    Report(ReportArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Only units in the subtree of this code
    #[arg(long)]
    unit: Option<String>,
    /// Only cases past their deadline
    #[arg(long)]
    overdue: bool,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_PAGE)))]
    limit: u16,
}

#[derive(Debug, Args)]
struct ReportArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Code of the unit whose subtree took the cases in [default: the whole network]
    #[arg(long)]
    unit: Option<String>,
    /// First day [default: 1 January]
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Last day [default: today]
    #[arg(long)]
    to: Option<NaiveDate>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = ByArg::Unit)]
    by: ByArg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ByArg {
    Unit,
    Channel,
    Category,
}

pub(super) fn run(args: CasesArgs) -> anyhow::Result<()> {
    match args.what {
        What::List(args) => list(args),
        What::Sweep { settings } => {
            let db = open_database(&Settings::load(settings)?)?;
            let swept = sweep(&db, &*system_sources().clock).map_err(coded)?;
            say!("warned: {}", swept.warned);
            say!("stepped-up: {}", swept.stepped_up);
            say!("overdue-at-the-top: {}", swept.overdue);
            Ok(())
        }
        What::Report(args) => rates(args),
    }
}

fn unit_id(text: &str) -> anyhow::Result<UnitId> {
    Ok(UnitId::parse(text).map_err(|fault| BadInput(format!("error[{}]: {fault}", fault.code)))?)
}

fn list(args: ListArgs) -> anyhow::Result<()> {
    let db = open_database(&Settings::load(args.settings)?)?;
    let today = local_date(system_sources().clock.now());
    let filter = CaseFilter {
        subtree: args.unit.as_deref().map(unit_id).transpose()?,
        open: Some(true),
        overdue_on: args.overdue.then_some(today),
        ..CaseFilter::default()
    };
    let slice = db.read(|conn| cases::list(conn, &filter, &Page::first(args.limit))).map_err(coded)?;
    for case in &slice.items {
        let late = if case.is_overdue(today) { " !" } else { "" };
        say!("{}{late}  {}  {:<10}  {}  {}", case.deadline, case.number, case.status, case.unit, case.subject);
    }
    say!("{}{} open cases", slice.items.len(), if slice.next.is_some() { "+" } else { "" });
    Ok(())
}

fn rates(args: ReportArgs) -> anyhow::Result<()> {
    let db = open_database(&Settings::load(args.settings)?)?;
    let now = system_sources().clock.now();
    let today = local_date(now);
    let unit = match args.unit.as_deref() {
        Some(code) => unit_id(code)?,
        None => db
            .read(root)
            .map_err(coded)?
            .ok_or_else(|| BadInput("error[no-units]: the database holds no units; load some first".to_owned()))?,
    };
    let scope = ReportScope {
        unit,
        from: args.from.or_else(|| NaiveDate::from_ymd_opt(today.year(), 1, 1)).unwrap_or(today),
        to: args.to.unwrap_or(today),
    };
    let by = match args.by {
        ByArg::Unit => CountBy::Unit,
        ByArg::Channel => CountBy::Channel,
        ByArg::Category => CountBy::Category,
    };
    let made = db.read(|conn| report(conn, &scope, by, now)).map_err(coded)?;
    say!("cases that came in from {} to {} at {}", scope.from, scope.to, scope.unit);
    say!(
        "{} {:>8} {:>8} {:>8} {:>9} {:>8} {:>9} {:>9} {:>9}",
        padded("", 24),
        "received",
        "open",
        "solved",
        "explained",
        "overdue",
        "response",
        "solution",
        "satisfied"
    );
    for row in made.rows.iter().chain([&made.total]) {
        say!("{}", line(row));
    }
    Ok(())
}

fn root(conn: &mut crate::db::Connection) -> DbResult<Option<UnitId>> {
    Ok(units::all(conn)?.into_iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id))
}

fn line(row: &ReportRow) -> String {
    let name = row.name.as_deref().unwrap_or(if row.key.is_empty() { "-" } else { &row.key });
    let rate = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}%"));
    format!(
        "{} {:>8} {:>8} {:>8} {:>9} {:>8} {:>9} {:>9} {:>9}",
        padded(name, 24),
        row.received,
        row.open,
        row.solved,
        row.explained,
        row.overdue,
        rate(row.response_rate()),
        rate(row.solution_rate()),
        rate(row.satisfaction_rate())
    )
}

/// Filled up with spaces to so many columns; Chinese characters take two.
fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
