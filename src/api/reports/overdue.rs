//! Overdue cases: how many each unit, handler or category has, and how late they are. Which cases they are is the list
//! `/cases?overdue=true`.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{sheet, week_at};
use crate::api::access::guard::allow;
use crate::api::exchange::XLSX;
use crate::api::exchange::kinds::cells::{Field, Form, shown};
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::resources::{FromQuery as _, query_problem};
use crate::api::state::AppState;
use crate::cases::report::UnitRows;
use crate::db::cases::{self, CaseFilter};
use crate::db::{Connection, DbResult, MAX_PAGE, Page, case_categories, people, units};
use crate::domain::{Case, UnitId, Who, local_date};

/// Urgency from which a case counts as urgent.
const URGENT: u8 = 4;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_overdue_report).service(download_overdue_report);
}

/// What is reported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverdueQuery {
    /// Code of the unit whose subtree answers for the cases.
    unit: String,
    /// Only deadlines in this ISO week, such as `2026-W49`; all that have passed unless given.
    week: Option<String>,
    /// `unit` (unless given: the units just below, with all below them), `handler` or `category`.
    by: Option<String>,
}

/// A line of the report.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OverdueRow {
    /// Unit code, person or category; empty for the sum, and for cases without handler or category.
    key: String,
    /// Name of the unit, person or category.
    name: Option<String>,
    /// Open cases past their deadline.
    overdue: u32,
    /// Of these, with urgency 4 or 5.
    urgent: u32,
    /// Of these, without a handler.
    unassigned: u32,
    /// Of these, gone up at least once.
    escalated: u32,
    /// The earliest deadline.
    oldest_deadline: Option<NaiveDate>,
    /// Days since then.
    most_days_late: i64,
}

impl OverdueRow {
    fn add(&mut self, case: &Case, today: NaiveDate) {
        self.overdue += 1;
        self.urgent += u32::from(case.urgency >= URGENT);
        self.unassigned += u32::from(case.handler.is_none());
        self.escalated += u32::from(case.level > 0);
        let oldest = self.oldest_deadline.map_or(case.deadline, |known| known.min(case.deadline));
        self.oldest_deadline = Some(oldest);
        self.most_days_late = (today - oldest).num_days();
    }
}

/// What is late today.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220102001000", "week": null, "today": "2026-12-10", "by": "unit",
    "rows": [{"key": "220102001001", "name": "桃源社区", "overdue": 2, "urgent": 1, "unassigned": 1, "escalated": 0,
        "oldestDeadline": "2026-12-07", "mostDaysLate": 3}],
    "total": {"key": "", "name": null, "overdue": 2, "urgent": 1, "unassigned": 1, "escalated": 0,
        "oldestDeadline": "2026-12-07", "mostDaysLate": 3}
}))]
pub struct OverdueReport {
    /// Code of the unit.
    unit: String,
    /// Week of the deadlines, if one was named.
    week: Option<String>,
    /// Today.
    today: NaiveDate,
    /// What the rows are.
    by: &'static str,
    /// Rows by key.
    rows: Vec<OverdueRow>,
    /// Their sum.
    total: OverdueRow,
}

const COLUMNS: &[Field] = &[
    shown("编号", "key", Form::Code),
    shown("名称", "name", Form::Text),
    shown("超期事项", "overdue", Form::Whole),
    shown("其中紧急", "urgent", Form::Whole),
    shown("其中无办理人", "unassigned", Form::Whole),
    shown("其中已上报", "escalated", Form::Whole),
    shown("最早期限", "oldestDeadline", Form::Date),
    shown("最长超期天数", "mostDaysLate", Form::Whole),
];

#[derive(Clone, Copy)]
enum By {
    Unit,
    Handler,
    Category,
}

fn key_of(conn: &mut Connection, case: &Case, by: By, units: &UnitRows) -> DbResult<(String, Option<String>)> {
    Ok(match by {
        By::Unit => units.row_of(case.unit.as_str()),
        By::Handler => match &case.handler {
            Some(handler) => (handler.to_string(), Some(people::get(conn, handler)?.name)),
            None => (String::new(), None),
        },
        By::Category => match &case.category {
            Some(category) => (category.to_string(), Some(case_categories::get(conn, category)?.name)),
            None => (String::new(), None),
        },
    })
}

fn count(
    conn: &mut Connection,
    unit: &UnitId,
    week: Option<NaiveDate>,
    by: By,
    today: NaiveDate,
) -> DbResult<(Vec<OverdueRow>, OverdueRow)> {
    let units = UnitRows::load(conn, unit)?;
    let filter = CaseFilter { subtree: Some(unit.clone()), overdue_on: Some(today), ..CaseFilter::default() };
    let mut page = Page::first(MAX_PAGE);
    let mut rows: BTreeMap<String, OverdueRow> = BTreeMap::new();
    let mut total = OverdueRow::default();
    let is_asked = |case: &Case| week.is_none_or(|monday| (monday..=monday + Days::new(6)).contains(&case.deadline));
    loop {
        let slice = cases::list(conn, &filter, &page)?;
        for case in slice.items.iter().filter(|case| is_asked(case)) {
            let (key, name) = key_of(conn, case, by, &units)?;
            let row = rows.entry(key.clone()).or_insert_with(|| OverdueRow { key, name, ..OverdueRow::default() });
            row.add(case, today);
            total.add(case, today);
        }
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok((rows.into_values().collect(), total)),
        }
    }
}

async fn make(state: &AppState, who: Who, query: OverdueQuery) -> Result<OverdueReport, Problem> {
    let (by, name) = match query.by.as_deref() {
        None | Some("unit") => (By::Unit, "unit"),
        Some("handler") => (By::Handler, "handler"),
        Some("category") => (By::Category, "category"),
        Some(other) => {
            return Err(query_problem("by", &format!("{other:?} is no key"), "give unit, handler or category"));
        }
    };
    let unit = UnitId::from_query(query.unit, "unit")?;
    let week = query.week.map(|text| week_at(&text)).transpose()?;
    let today = local_date(state.clock.now());
    let asked = unit.clone();
    let (rows, total) = state
        .read(move |conn| {
            let path = units::path(conn, &asked)?;
            allow(&who, Some(path), "unit", asked.as_str())?;
            count(conn, &asked, week, by, today)
        })
        .await?;
    let week = week.map(crate::planning::iso_week::format_week);
    Ok(OverdueReport { unit: unit.to_string(), week, today, by: name, rows, total })
}

/// Reports the open cases whose deadline has passed.
#[utoipa::path(tag = "reports", params(OverdueQuery), responses(
    (status = 200, description = "The report", body = OverdueReport), SubListErrors,
))]
#[get("/reports/overdue.json")]
pub async fn get_overdue_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<OverdueQuery>,
) -> Result<web::Json<OverdueReport>, Problem> {
    Ok(web::Json(make(&state, who, query.into_inner()).await?))
}

/// Answers the report of overdue cases as a sheet.
#[utoipa::path(tag = "reports", params(OverdueQuery), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), SubListErrors,
))]
#[get("/reports/overdue.xlsx")]
pub async fn download_overdue_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<OverdueQuery>,
) -> Result<HttpResponse, Problem> {
    let made = make(&state, who, query.into_inner()).await?;
    let line = format!("单位 {}　截至 {}", made.unit, made.today);
    sheet("overdue", "超期事项", &line, COLUMNS, &made.rows, Some(&made.total))
}
