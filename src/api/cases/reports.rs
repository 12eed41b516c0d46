//! The report of the three rates: response, solution, satisfaction.

use actix_web::{HttpResponse, get, web};
use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::access::guard::allow;
use crate::api::exchange::XLSX;
use crate::api::exchange::kinds::cells::{Field, Form, shown};
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::reports::sheet;
use crate::api::resources::{FromQuery as _, query_problem};
use crate::api::state::AppState;
use crate::cases::report::{ReportRow, ReportScope, report};
use crate::db::case_counts::CountBy;
use crate::db::units;
use crate::domain::{UnitId, Who, local_date};

/// What is reported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseReportQuery {
    /// Code of the unit whose subtree took the cases in.
    unit: String,
    /// First day on which they came in; 1 January of this year unless given.
    from: Option<String>,
    /// Last day; today unless given.
    to: Option<String>,
    /// `unit` (the default), `channel` or `category`.
    by: Option<String>,
}

/// A line of the report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseReportRow {
    /// Unit code, channel or category; empty for the sum and for cases without category.
    key: String,
    /// Name of the unit, channel or category.
    name: Option<String>,
    /// Cases that came in; `open`, `solved` and `explained` add up to this.
    received: i64,
    /// Work goes on.
    open: i64,
    /// Of the open ones, past their deadline.
    overdue: i64,
    /// Of the open ones, given back and waiting.
    returned: i64,
    /// Solved.
    solved: i64,
    /// Not solvable for now, and explained: neither solved nor unsolved.
    explained: i64,
    /// Of all, gone up at least once.
    escalated: i64,
    /// Of all, taken up again at least once.
    reopened: i64,
    /// Of all, taken up or answered.
    responded: i64,
    /// Of these, in time.
    responded_in_time: i64,
    /// Satisfied when called back.
    satisfied: i64,
    /// Mostly satisfied.
    mostly_satisfied: i64,
    /// Not satisfied.
    dissatisfied: i64,
    /// Could not be reached.
    no_answer: i64,
    /// Answered in time, in percent of those that came in; null when none did.
    response_rate: Option<f64>,
    /// Solved, in percent of those not explained.
    solution_rate: Option<f64>,
    /// Satisfied or mostly so, in percent of those who answered.
    satisfaction_rate: Option<f64>,
}

impl From<ReportRow> for CaseReportRow {
    fn from(row: ReportRow) -> Self {
        Self {
            response_rate: row.response_rate(),
            solution_rate: row.solution_rate(),
            satisfaction_rate: row.satisfaction_rate(),
            key: row.key,
            name: row.name,
            received: row.received,
            open: row.open,
            overdue: row.overdue,
            returned: row.returned,
            solved: row.solved,
            explained: row.explained,
            escalated: row.escalated,
            reopened: row.reopened,
            responded: row.responded,
            responded_in_time: row.responded_in_time,
            satisfied: row.satisfied,
            mostly_satisfied: row.mostly_satisfied,
            dissatisfied: row.dissatisfied,
            no_answer: row.no_answer,
        }
    }
}

/// The three rates of a period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220102001000", "from": "2026-01-01", "to": "2026-12-31", "by": "channel",
    "rows": [{"key": "hotline", "name": "热线", "received": 4, "open": 1, "solved": 2, "explained": 1,
        "respondedInTime": 4, "responseRate": 100.0, "solutionRate": 66.7, "satisfactionRate": 100.0}],
    "total": {"key": "", "name": null, "received": 4, "open": 1, "solved": 2, "explained": 1,
        "respondedInTime": 4, "responseRate": 100.0, "solutionRate": 66.7, "satisfactionRate": 100.0}
}))]
pub struct CaseReport {
    /// Code of the unit.
    unit: String,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// What the rows are.
    by: String,
    /// Rows by key.
    rows: Vec<CaseReportRow>,
    /// Their sum.
    total: CaseReportRow,
}

async fn make(state: &AppState, who: Who, query: CaseReportQuery) -> Result<CaseReport, Problem> {
    let now = state.clock.now();
    let today = local_date(now);
    let new_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let scope = ReportScope {
        unit: UnitId::from_query(query.unit, "unit")?,
        from: query.from.map(|text| NaiveDate::from_query(text, "from")).transpose()?.unwrap_or(new_year),
        to: query.to.map(|text| NaiveDate::from_query(text, "to")).transpose()?.unwrap_or(today),
    };
    if scope.from > scope.to {
        return Err(query_problem("from", "it lies after `to`", "give the earlier day as from"));
    }
    let by = query.by.unwrap_or_else(|| "unit".to_owned());
    let counted = match by.as_str() {
        "unit" => CountBy::Unit,
        "channel" => CountBy::Channel,
        "category" => CountBy::Category,
        other => {
            return Err(query_problem("by", &format!("{other:?} is no key"), "give unit, channel or category"));
        }
    };
    let (asked, from, to) = (scope.unit.clone(), scope.from, scope.to);
    let made = state
        .read(move |conn| {
            let path = units::path(conn, &scope.unit)?;
            allow(&who, Some(path), "unit", scope.unit.as_str())?;
            report(conn, &scope, counted, now)
        })
        .await?;
    Ok(CaseReport {
        unit: asked.as_str().to_owned(),
        from,
        to,
        by,
        rows: made.rows.into_iter().map(CaseReportRow::from).collect(),
        total: CaseReportRow::from(made.total),
    })
}

/// Reports response, solution and satisfaction by unit, channel or category; explained cases are counted apart.
#[utoipa::path(tag = "cases", params(CaseReportQuery), responses(
    (status = 200, description = "The report", body = CaseReport), SubListErrors,
))]
#[get("/reports/three-rates.json")]
pub async fn get_case_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CaseReportQuery>,
) -> Result<web::Json<CaseReport>, Problem> {
    Ok(web::Json(make(&state, who, query.into_inner()).await?))
}

const COLUMNS: &[Field] = &[
    shown("编号", "key", Form::Code),
    shown("名称", "name", Form::Text),
    shown("登记", "received", Form::Whole),
    shown("办理中", "open", Form::Whole),
    shown("超期", "overdue", Form::Whole),
    shown("已解决", "solved", Form::Whole),
    shown("已说明", "explained", Form::Whole),
    shown("曾上报", "escalated", Form::Whole),
    shown("曾重办", "reopened", Form::Whole),
    shown("按时响应", "respondedInTime", Form::Whole),
    shown("满意", "satisfied", Form::Whole),
    shown("基本满意", "mostlySatisfied", Form::Whole),
    shown("不满意", "dissatisfied", Form::Whole),
    shown("响应率（%）", "responseRate", Form::Whole),
    shown("办结率（%）", "solutionRate", Form::Whole),
    shown("满意率（%）", "satisfactionRate", Form::Whole),
];

/// Answers the report of the three rates as a sheet.
#[utoipa::path(tag = "cases", params(CaseReportQuery), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), SubListErrors,
))]
#[get("/reports/three-rates.xlsx")]
pub async fn download_case_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CaseReportQuery>,
) -> Result<HttpResponse, Problem> {
    let made = make(&state, who, query.into_inner()).await?;
    let line = format!("单位 {}　{} 至 {}", made.unit, made.from, made.to);
    sheet("three-rates", "三率统计", &line, COLUMNS, &made.rows, Some(&made.total))
}
