//! Hours: planned and served, person by person, from the records of duties in force.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Scope, WeeksQuery, people_of, sheet};
use crate::api::exchange::XLSX;
use crate::api::exchange::kinds::cells::{Field, Form, shown};
use crate::api::exchange::kinds::words::CATEGORIES;
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::state::AppState;
use crate::db::{Connection, DbResult, duties};
use crate::domain::{DutyRecord, Person, PersonId, Who, local_date};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_hours_report).service(download_hours_report);
}

/// The hours of one person.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoursRow {
    /// Id; empty for the sum.
    person: String,
    /// Name.
    name: String,
    /// Category.
    category: Option<String>,
    /// Code of the home unit.
    home_unit: Option<String>,
    /// Duties of the roster.
    planned_duties: u32,
    /// Their minutes.
    planned_minutes: i64,
    /// Duties that the person confirmed.
    confirmed_duties: u32,
    /// Duties with check-in and check-out.
    served_duties: u32,
    /// Their minutes within the planned time.
    served_minutes: i64,
}

impl HoursRow {
    fn add(&mut self, record: &DutyRecord) {
        self.planned_duties += 1;
        self.planned_minutes += record.planned_minutes();
        self.confirmed_duties += u32::from(record.confirmed_at.is_some());
        self.served_duties += u32::from(record.checked_in_at.is_some() && record.checked_out_at.is_some());
        self.served_minutes += record.served_minutes();
    }
}

/// Hours planned and served.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220102001000", "week": "2026-W49", "weeks": 1, "from": "2026-11-30", "to": "2026-12-06",
    "rows": [{"person": "p-1", "name": "单雪梅", "category": "recruitedStaff", "homeUnit": "220102001001",
        "plannedDuties": 3, "plannedMinutes": 540, "confirmedDuties": 2, "servedDuties": 1, "servedMinutes": 178}],
    "total": {"person": "", "name": "", "category": null, "homeUnit": null, "plannedDuties": 3, "plannedMinutes": 540,
        "confirmedDuties": 2, "servedDuties": 1, "servedMinutes": 178}
}))]
pub struct HoursReport {
    /// Code of the unit.
    unit: String,
    /// Last week.
    week: String,
    /// How many weeks.
    weeks: i64,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// People with at least one duty, by sort key.
    rows: Vec<HoursRow>,
    /// Their sum.
    total: HoursRow,
}

const COLUMNS: &[Field] = &[
    shown("人员编号", "person", Form::Code),
    shown("姓名", "name", Form::Text),
    shown("类别", "category", Form::Word(CATEGORIES)),
    shown("所属单位", "homeUnit", Form::Code),
    shown("排班班次", "plannedDuties", Form::Whole),
    shown("排班分钟", "plannedMinutes", Form::Whole),
    shown("已确认班次", "confirmedDuties", Form::Whole),
    shown("已服务班次", "servedDuties", Form::Whole),
    shown("已服务分钟", "servedMinutes", Form::Whole),
];

fn rows(conn: &mut Connection, scope: &Scope) -> DbResult<(Vec<HoursRow>, HoursRow)> {
    let mut by_person: HashMap<PersonId, HoursRow> = HashMap::new();
    let mut total = HoursRow::default();
    for record in duties::in_force_within(conn, &scope.unit, scope.first, scope.last)? {
        by_person.entry(record.person.clone()).or_default().add(&record);
        total.add(&record);
    }
    if by_person.is_empty() {
        return Ok((Vec::new(), total));
    }
    let row = |person: Person| {
        let hours = by_person.remove(&person.id)?;
        Some(HoursRow {
            person: person.id.to_string(),
            name: person.name,
            category: Some(person.category.to_string()),
            home_unit: Some(person.home_unit.to_string()),
            ..hours
        })
    };
    Ok((people_of(conn, &scope.unit)?.into_iter().filter_map(row).collect(), total))
}

async fn make(state: &AppState, who: Who, query: WeeksQuery) -> Result<(Scope, HoursReport), Problem> {
    let scope = Scope::read(query, 1, local_date(state.clock.now()))?;
    let asked = scope.clone();
    let (rows, total) = state
        .read(move |conn| {
            asked.check(&who, conn)?;
            rows(conn, &asked)
        })
        .await?;
    let report = HoursReport {
        unit: scope.unit.to_string(),
        week: scope.week(),
        weeks: scope.weeks(),
        from: scope.first,
        to: scope.last,
        rows,
        total,
    };
    Ok((scope, report))
}

/// Reports hours planned and served by the people whose home lies in the unit; 1 week unless given.
#[utoipa::path(tag = "reports", params(WeeksQuery), responses(
    (status = 200, description = "The report", body = HoursReport), SubListErrors,
))]
#[get("/reports/hours.json")]
pub async fn get_hours_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<WeeksQuery>,
) -> Result<web::Json<HoursReport>, Problem> {
    Ok(web::Json(make(&state, who, query.into_inner()).await?.1))
}

/// Answers the report of hours as a sheet.
#[utoipa::path(tag = "reports", params(WeeksQuery), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), SubListErrors,
))]
#[get("/reports/hours.xlsx")]
pub async fn download_hours_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<WeeksQuery>,
) -> Result<HttpResponse, Problem> {
    let (scope, made) = make(&state, who, query.into_inner()).await?;
    sheet("hours", "服务时长", &scope.line(), COLUMNS, &made.rows, Some(&made.total))
}
