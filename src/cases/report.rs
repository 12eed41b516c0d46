//! The three rates 响应率, 办结率, 满意率: by unit, channel or category. Every case of the period is in exactly one row and
//! is either open, solved or explained, so that rows add up to the database's numbers.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};

use crate::db::case_counts::{self, CountBy, CountScope};
use crate::db::{Connection, DbResult, case_categories, units};
use crate::domain::{CaseChannel, CaseStatus, Satisfaction, UnitId, local_date};

/// What is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportScope {
    /// Root of the subtree of units that took the cases in.
    pub unit: UnitId,
    /// First day on which they came in.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A line of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportRow {
    /// Unit code, channel or category; empty for the sum, and for cases without category.
    pub key: String,
    /// Name of the unit or category.
    pub name: Option<String>,
    /// Cases that came in: open, solved and explained ones.
    pub received: i64,
    /// Work goes on.
    pub open: i64,
    /// Of these, past their deadline.
    pub overdue: i64,
    /// Of these, given back by their handler and waiting.
    pub returned: i64,
    /// Solved.
    pub solved: i64,
    /// Not solvable for now, and explained: neither solved nor unsolved.
    pub explained: i64,
    /// Of all, gone up to a parent unit at least once.
    pub escalated: i64,
    /// Of all, taken up again at least once.
    pub reopened: i64,
    /// Of all, taken up or answered.
    pub responded: i64,
    /// Of these, in time.
    pub responded_in_time: i64,
    /// Satisfied when called back.
    pub satisfied: i64,
    /// Mostly satisfied.
    pub mostly_satisfied: i64,
    /// Not satisfied.
    pub dissatisfied: i64,
    /// Could not be reached.
    pub no_answer: i64,
}

impl ReportRow {
    /// Share answered in time, in percent of those that came in.
    #[must_use]
    pub fn response_rate(&self) -> Option<f64> {
        percent(self.responded_in_time, self.received)
    }

    /// Share solved, in percent of those that could be: explained ones are counted apart.
    #[must_use]
    pub fn solution_rate(&self) -> Option<f64> {
        percent(self.solved, self.received - self.explained)
    }

    /// Share satisfied or mostly satisfied, in percent of those who answered.
    #[must_use]
    pub fn satisfaction_rate(&self) -> Option<f64> {
        let content = self.satisfied + self.mostly_satisfied;
        percent(content, content + self.dissatisfied)
    }

    fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.open += other.open;
        self.overdue += other.overdue;
        self.returned += other.returned;
        self.solved += other.solved;
        self.explained += other.explained;
        self.escalated += other.escalated;
        self.reopened += other.reopened;
        self.responded += other.responded;
        self.responded_in_time += other.responded_in_time;
        self.satisfied += other.satisfied;
        self.mostly_satisfied += other.mostly_satisfied;
        self.dissatisfied += other.dissatisfied;
        self.no_answer += other.no_answer;
    }
}

/// A share in percent, to one decimal; none of nothing.
pub(crate) fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (1_000.0 * part as f64 / whole as f64).round() / 10.0)
}

/// A report: its rows and their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Rows, by key.
    pub rows: Vec<ReportRow>,
    /// Their sum.
    pub total: ReportRow,
}

/// The report of a scope. By unit, the rows are the children of the scope's unit with all below them, and itself.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound) when the unit does not exist.
pub fn report(conn: &mut Connection, scope: &ReportScope, by: CountBy, now: DateTime<Utc>) -> DbResult<Report> {
    let counted = CountScope {
        subtree: scope.unit.clone(),
        from: begin_of(scope.from),
        until: begin_of(scope.to.checked_add_days(Days::new(1)).unwrap_or(scope.to)),
    };
    let keys = Keys::load(conn, scope, by)?;
    let mut rows: BTreeMap<String, ReportRow> = BTreeMap::new();
    for count in case_counts::by_state(conn, &counted, by)? {
        let row = keys.row(&mut rows, count.key);
        let cases = count.cases;
        row.received += cases;
        match count.status {
            CaseStatus::Solved => row.solved += cases,
            CaseStatus::Explained => row.explained += cases,
            status => {
                row.open += cases;
                row.returned += if status == CaseStatus::Returned { cases } else { 0 };
            }
        }
        row.escalated += if count.has_gone_up { cases } else { 0 };
        row.reopened += if count.was_reopened { cases } else { 0 };
        match count.satisfaction {
            Some(Satisfaction::Satisfied) => row.satisfied += cases,
            Some(Satisfaction::MostlySatisfied) => row.mostly_satisfied += cases,
            Some(Satisfaction::Dissatisfied) => row.dissatisfied += cases,
            Some(Satisfaction::NoAnswer) => row.no_answer += cases,
            None => {}
        }
    }
    for (key, due, at) in case_counts::responses(conn, &counted, by)? {
        let row = keys.row(&mut rows, key);
        row.responded += 1;
        row.responded_in_time += i64::from(local_date(at) <= due);
    }
    for (key, cases) in case_counts::overdue(conn, &counted, by, local_date(now))? {
        keys.row(&mut rows, key).overdue += cases;
    }
    let mut total = ReportRow::default();
    for row in rows.values() {
        total.add(row);
    }
    Ok(Report { rows: rows.into_values().collect(), total })
}

/// The moment at which a day of the city begins.
fn begin_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    chrono_tz::Asia::Shanghai
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// The rows of a report by unit: the children of its unit, each with all below it, and the unit itself.
#[derive(Debug, Default)]
pub(crate) struct UnitRows {
    row_of: HashMap<String, String>,
    names: HashMap<String, String>,
}

impl UnitRows {
    /// The rows of a unit.
    ///
    /// # Errors
    /// [`DbError::NotFound`](crate::db::DbError::NotFound) when it does not exist.
    pub(crate) fn load(conn: &mut Connection, root: &UnitId) -> DbResult<Self> {
        let mut rows = Self::default();
        // Parents come before their children, so that a child finds its parent's row.
        for unit in units::within(conn, root)? {
            let id = unit.id.as_str().to_owned();
            let is_row = unit.id == *root || unit.parent.as_ref() == Some(root);
            let above = unit.parent.as_ref().and_then(|parent| rows.row_of.get(parent.as_str()).cloned());
            let row = if is_row { id.clone() } else { above.unwrap_or_else(|| id.clone()) };
            if is_row {
                rows.names.insert(id.clone(), unit.name);
            }
            rows.row_of.insert(id, row);
        }
        Ok(rows)
    }

    /// The row to which a unit belongs, and its name.
    pub(crate) fn row_of(&self, unit: &str) -> (String, Option<String>) {
        let row = self.row_of.get(unit).map_or(unit, String::as_str);
        (row.to_owned(), self.names.get(row).cloned())
    }
}

/// Which row a key belongs to, and what the row is called.
struct Keys {
    row_of: HashMap<String, String>,
    names: HashMap<String, String>,
}

impl Keys {
    fn load(conn: &mut Connection, scope: &ReportScope, by: CountBy) -> DbResult<Self> {
        let mut keys = Self { row_of: HashMap::new(), names: HashMap::new() };
        match by {
            CountBy::Channel => {
                keys.names.extend(CaseChannel::ALL.iter().map(|channel| (channel.to_string(), channel_name(*channel))));
            }
            CountBy::Category => {
                let mut page = crate::db::Page::first(crate::db::MAX_PAGE);
                loop {
                    let slice = case_categories::list(conn, &case_categories::CaseCategoryFilter::default(), &page)?;
                    let named =
                        slice.items.into_iter().map(|category| (category.id.as_str().to_owned(), category.name));
                    keys.names.extend(named);
                    match slice.next {
                        Some(next) => page.after = Some(next),
                        None => break,
                    }
                }
            }
            CountBy::Unit => {
                let units = UnitRows::load(conn, &scope.unit)?;
                keys.names = units.names;
                keys.row_of = units.row_of;
            }
        }
        Ok(keys)
    }

    fn row<'a>(&self, rows: &'a mut BTreeMap<String, ReportRow>, key: String) -> &'a mut ReportRow {
        let key = self.row_of.get(&key).cloned().unwrap_or(key);
        let name = self.names.get(&key).cloned();
        rows.entry(key.clone()).or_insert_with(|| ReportRow { key, name, ..ReportRow::default() })
    }
}

fn channel_name(channel: CaseChannel) -> String {
    let name = match channel {
        CaseChannel::Hotline => "热线",
        CaseChannel::SuggestionBox => "意见箱",
        CaseChannel::QuestionBoard => "问事栏",
        CaseChannel::ServiceCard => "提示卡",
        CaseChannel::Website => "网站",
        CaseChannel::Sms => "短信",
        CaseChannel::InformationOfficer => "信息员",
        CaseChannel::Reception => "接待日",
        CaseChannel::Visit => "走访",
    };
    name.to_owned()
}
