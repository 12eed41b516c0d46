//! Reports over a unit's subtree: what was covered, who carried it, hours served, and what is late. Each is read from the
//! tables when it is asked for, as JSON or as a sheet with the same figures. The three rates of cases are in `api::cases`.

pub mod coverage;
pub mod coverage_grid;
pub mod fairness;
pub mod hours;
pub mod overdue;

use actix_web::HttpResponse;
use chrono::{Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::access::guard::allow;
use super::exchange::kinds::cells::{Field, written};
use super::exchange::{XLSX, file};
use super::problem::Problem;
use super::resources::{FromQuery as _, query_problem};
use crate::db::{Connection, DbResult, bulk, units};
use crate::domain::{Person, UnitId, Who};
use crate::exchange::workbook::{Figure, report};
use crate::planning::iso_week::{format_week, parse_week};

/// Most weeks of a report.
const MAX_WEEKS: u16 = 53;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    coverage::configure(config);
    coverage_grid::configure(config);
    fairness::configure(config);
    hours::configure(config);
    overdue::configure(config);
}

/// Whose weeks are reported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WeeksQuery {
    /// Code of the unit whose subtree is reported.
    unit: String,
    /// Last ISO week, such as `2026-W49`; the present one unless given.
    week: Option<String>,
    /// How many weeks, the last included, 1 to 53; see the report for how many unless given.
    weeks: Option<String>,
}

/// Some whole weeks of a unit.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Root of the subtree.
    pub unit: UnitId,
    /// Monday of the first week.
    pub first: NaiveDate,
    /// Sunday of the last week.
    pub last: NaiveDate,
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

fn week_at(text: &str) -> Result<NaiveDate, Problem> {
    parse_week(text).ok_or_else(|| query_problem("week", &format!("{text:?} is no week"), "write it as 2026-W49"))
}

impl Scope {
    /// The weeks that a query names.
    ///
    /// # Errors
    /// `invalid-query`.
    pub fn read(query: WeeksQuery, unless_given: u16, today: NaiveDate) -> Result<Self, Problem> {
        let unit = UnitId::from_query(query.unit, "unit")?;
        let monday = query.week.map_or_else(|| Ok(monday_of(today)), |text| week_at(&text))?;
        let weeks = query.weeks.map_or(Ok(unless_given), |text| u16::from_query(text, "weeks"))?;
        if !(1..=MAX_WEEKS).contains(&weeks) {
            return Err(query_problem("weeks", &format!("{weeks} weeks are no report"), "give 1 to 53"));
        }
        let first = monday - Days::new(7 * u64::from(weeks - 1));
        Ok(Self { unit, first, last: monday + Days::new(6) })
    }

    /// Refuses units outside the author's subtrees.
    ///
    /// # Errors
    /// [`DbError::NotFound`](crate::db::DbError::NotFound) there.
    pub fn check(&self, who: &Who, conn: &mut Connection) -> DbResult<()> {
        let path = units::path(conn, &self.unit)?;
        allow(who, Some(path), "unit", self.unit.as_str()).map(drop)
    }

    /// Mondays of the weeks.
    pub fn mondays(&self) -> impl Iterator<Item = NaiveDate> {
        let last = self.last;
        self.first.iter_weeks().take_while(move |monday| *monday <= last)
    }

    /// The last week as people write it.
    #[must_use]
    pub fn week(&self) -> String {
        format_week(self.last)
    }

    /// Number of weeks.
    #[must_use]
    pub fn weeks(&self) -> i64 {
        ((self.last - self.first).num_days() + 1) / 7
    }

    /// Unit and days, above a sheet.
    #[must_use]
    pub fn line(&self) -> String {
        format!("单位 {}　{} 至 {}", self.unit.as_str(), self.first, self.last)
    }
}

/// Everybody whose home unit lies in the subtree, by sort key, without skills and scopes.
///
/// # Errors
/// Those of the connection.
pub(super) fn people_of(conn: &mut Connection, unit: &UnitId) -> DbResult<Vec<Person>> {
    let mut all = bulk::at_home(conn, unit)?;
    all.sort_by(|a, b| (&a.sort_key, &a.id).cmp(&(&b.sort_key, &b.id)));
    Ok(all)
}

/// A sheet of a report: its rows and, if there is one, their sum in the last row.
///
/// # Errors
/// `internal` when the sheet cannot be written.
pub(super) fn sheet<R: Serialize>(
    name: &str,
    title: &str,
    line: &str,
    columns: &[Field],
    rows: &[R],
    total: Option<&R>,
) -> Result<HttpResponse, Problem> {
    let figures = |row: &R| -> Vec<Figure> {
        let document = serde_json::to_value(row).unwrap_or_default();
        let figure = |field: &Field| match document.get(field.name) {
            Some(Value::Number(number)) => Figure::Number(number.as_f64().unwrap_or_default()),
            _ => Figure::Text(written(field, &document)),
        };
        columns.iter().map(figure).collect()
    };
    let mut lines: Vec<Vec<Figure>> = rows.iter().map(figures).collect();
    if let Some(total) = total {
        let mut sum = figures(total);
        if let Some(first) = sum.first_mut() {
            *first = Figure::Text("合计".to_owned());
        }
        lines.push(sum);
    }
    let headers: Vec<&str> = columns.iter().map(|column| column.header).collect();
    let bytes = report(title, line, &headers, &lines).map_err(Problem::internal)?;
    Ok(file(&format!("{name}.xlsx"), XLSX, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(week: Option<&str>, weeks: Option<&str>) -> WeeksQuery {
        let text = |text: &str| text.to_owned();
        WeeksQuery { unit: "220102001000".to_owned(), week: week.map(text), weeks: weeks.map(text) }
    }

    #[test]
    fn weeks_end_with_the_one_that_is_named() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap();
        let scope = Scope::read(query(None, Some("2")), 1, today).unwrap();
        assert_eq!((scope.first.to_string(), scope.last.to_string()), ("2026-11-23".into(), "2026-12-06".into()));
        assert_eq!((scope.week(), scope.weeks(), scope.mondays().count()), ("2026-W49".into(), 2, 2));
        assert_eq!(Scope::read(query(Some("2026-W01"), None), 8, today).unwrap().weeks(), 8);
        for (week, weeks) in [(Some("2026-W60"), None), (None, Some("0")), (None, Some("54")), (None, Some("x"))] {
            assert!(Scope::read(query(week, weeks), 1, today).is_err(), "{week:?} {weeks:?}");
        }
    }
}
