//! Fairness: who carried how much, from the ledger of published weeks.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use chrono::{Days, NaiveDate};
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
use crate::db::ledger::{self, Carried};
use crate::db::{Connection, DbResult};
use crate::domain::{Person, PersonId, Who, local_date};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_fairness_report).service(download_fairness_report);
}

/// What one person carried.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FairnessRow {
    /// Id.
    person: String,
    /// Name.
    name: String,
    /// Category.
    category: String,
    /// Code of the home unit.
    home_unit: String,
    /// Weeks with a roster that the person could serve in.
    weeks: u32,
    /// Duties.
    duties: u32,
    /// Their minutes.
    minutes: i64,
    /// Duties in the evening or on days off.
    unsocial_duties: u32,
    /// Weekends on which the person served.
    weekends: u32,
    /// Minutes above (or, negative, below) comparable people, all published weeks up to the last one together: what rule
    /// S31 starts from.
    balance_minutes: i64,
    /// The same of duties in the evening or on days off.
    balance_unsocial_duties: i64,
}

/// How evenly weeks are spread.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220102001000", "week": "2026-W49", "weeks": 8, "from": "2026-10-12", "to": "2026-12-06",
    "rows": [{"person": "p-1", "name": "单雪梅", "category": "recruitedStaff", "homeUnit": "220102001001", "weeks": 1,
        "duties": 3, "minutes": 540, "unsocialDuties": 0, "weekends": 0, "balanceMinutes": 90,
        "balanceUnsocialDuties": 0}],
    "people": 2, "leastMinutes": 360, "mostMinutes": 540, "meanMinutes": 450.0
}))]
pub struct FairnessReport {
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
    /// People with at least one week in the ledger, by sort key.
    rows: Vec<FairnessRow>,
    /// How many they are.
    people: usize,
    /// Least minutes of any of them; null without people, as below.
    least_minutes: Option<i64>,
    /// Most minutes of any of them.
    most_minutes: Option<i64>,
    /// Their mean, to one decimal.
    mean_minutes: Option<f64>,
}

const COLUMNS: &[Field] = &[
    shown("人员编号", "person", Form::Code),
    shown("姓名", "name", Form::Text),
    shown("类别", "category", Form::Word(CATEGORIES)),
    shown("所属单位", "homeUnit", Form::Code),
    shown("周数", "weeks", Form::Whole),
    shown("班次", "duties", Form::Whole),
    shown("分钟", "minutes", Form::Whole),
    shown("晚间及休息日班次", "unsocialDuties", Form::Whole),
    shown("周末数", "weekends", Form::Whole),
    shown("累计高于均值分钟", "balanceMinutes", Form::Whole),
    shown("累计高于均值晚间休息日", "balanceUnsocialDuties", Form::Whole),
];

fn rows(conn: &mut Connection, scope: &Scope) -> DbResult<Vec<FairnessRow>> {
    let carried = ledger::carried(conn, &scope.unit, scope.first, scope.last + Days::new(1))?;
    let mut by_person: HashMap<PersonId, Carried> =
        carried.into_iter().map(|carried| (carried.person.clone(), carried)).collect();
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let row = |person: Person| {
        let carried = by_person.remove(&person.id)?;
        Some(FairnessRow {
            person: person.id.to_string(),
            name: person.name,
            category: person.category.to_string(),
            home_unit: person.home_unit.to_string(),
            weeks: count(carried.weeks),
            duties: count(carried.duties),
            minutes: carried.minutes,
            unsocial_duties: count(carried.unsocial_duties),
            weekends: count(carried.weekends),
            balance_minutes: carried.balance_minutes,
            balance_unsocial_duties: carried.balance_unsocial_duties,
        })
    };
    Ok(people_of(conn, &scope.unit)?.into_iter().filter_map(row).collect())
}

async fn make(state: &AppState, who: Who, query: WeeksQuery) -> Result<(Scope, FairnessReport), Problem> {
    let scope = Scope::read(query, 8, local_date(state.clock.now()))?;
    let asked = scope.clone();
    let rows = state
        .read(move |conn| {
            asked.check(&who, conn)?;
            rows(conn, &asked)
        })
        .await?;
    let minutes = || rows.iter().map(|row| row.minutes);
    let report = FairnessReport {
        unit: scope.unit.to_string(),
        week: scope.week(),
        weeks: scope.weeks(),
        from: scope.first,
        to: scope.last,
        people: rows.len(),
        least_minutes: minutes().min(),
        most_minutes: minutes().max(),
        mean_minutes: (!rows.is_empty())
            .then(|| (10.0 * minutes().sum::<i64>() as f64 / rows.len() as f64).round() / 10.0),
        rows,
    };
    Ok((scope, report))
}

/// Reports how the duties of published weeks were spread over the people whose home lies in the unit; 8 weeks unless
/// given.
#[utoipa::path(tag = "reports", params(WeeksQuery), responses(
    (status = 200, description = "The report", body = FairnessReport), SubListErrors,
))]
#[get("/reports/fairness.json")]
pub async fn get_fairness_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<WeeksQuery>,
) -> Result<web::Json<FairnessReport>, Problem> {
    Ok(web::Json(make(&state, who, query.into_inner()).await?.1))
}

/// Answers the report of fairness as a sheet.
#[utoipa::path(tag = "reports", params(WeeksQuery), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), SubListErrors,
))]
#[get("/reports/fairness.xlsx")]
pub async fn download_fairness_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<WeeksQuery>,
) -> Result<HttpResponse, Problem> {
    let (scope, made) = make(&state, who, query.into_inner()).await?;
    sheet("fairness", "班次均衡", &scope.line(), COLUMNS, &made.rows, None)
}
