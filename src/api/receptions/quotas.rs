//! Quotas of receptions and visits, and how everybody stands.

use actix_web::{delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::access::guard::allow;
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::resources::document::entity_document;
use crate::api::resources::query::list_query;
use crate::api::resources::{FromQuery as _, entity_handlers};
use crate::api::state::AppState;
use crate::db::quotas::QuotaFilter;
use crate::db::units;
use crate::domain::{UnitId, Who, local_date};
use crate::reception::quota::{Progress, progress, year_of_day};

entity_document! {
    /// What a deputy or a station owes in a year.
    QuotaDocument as Quota = Quota, QuotaId fresh;
    example {
        "id": "qu-1", "kind": "deputyReceptions", "person": "d-1", "station": null, "year": 2026, "target": 2,
        "doneBefore": 0, "version": 1
    }
    {
        /// `deputyReceptions`, `deputyVisits` or `stationReceptions`.
        kind: String,
        /// Id of the deputy.
        person: Option<String>,
        /// Id of the station.
        station: Option<String>,
        /// Year.
        year: u16,
        /// How many are owed.
        target: u16,
        /// How many were done before this service counted.
        done_before: u16,
    }
}

list_query! {
    QuotaQuery fills QuotaFilter {
        /// Only this kind.
        kind => kind,
        /// Only of this person.
        person => person,
        /// Only of this station.
        station => station,
        /// Only of this year.
        year => year,
    }
}

entity_handlers! {
    tag: "receptions", document: QuotaDocument, id: QuotaId, table: quotas,
    paths: "/quotas" "/quotas/{id}",
    list: list_quotas QuotaQuery "Lists quotas by id.",
    create: create_quota "Adds a quota.",
    get: get_quota "Answers one quota.",
    replace: replace_quota "Replaces a quota.",
    delete: delete_quota "Deletes a quota; a deputy then owes what every deputy does.",
}

/// Adds the progress to the router; called by [`super::configure`] beside `configure`.
pub fn configure_progress(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(get_quota_progress);
}

/// Whose progress.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// Code of the unit whose deputies and stations are listed.
    unit: String,
    /// Year; the present one unless given.
    year: Option<String>,
}

/// How a deputy or station stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "kind": "deputyReceptions", "subject": "d-1", "name": "解明", "target": 2, "done": 1, "ahead": 0, "missing": 1,
    "isBehind": true
}))]
pub struct QuotaProgress {
    /// What is counted.
    kind: String,
    /// Id of the deputy or station.
    subject: String,
    /// Name.
    name: String,
    /// How many are owed.
    target: i64,
    /// How many are done, earlier ones included.
    done: i64,
    /// How many are announced or planned.
    ahead: i64,
    /// How many more are needed.
    missing: i64,
    /// Whether the year runs faster than they do.
    is_behind: bool,
}

impl From<Progress> for QuotaProgress {
    fn from(row: Progress) -> Self {
        Self {
            kind: row.kind.to_string(),
            subject: row.subject,
            name: row.name,
            target: row.target,
            done: row.done,
            ahead: row.ahead,
            missing: row.missing,
            is_behind: row.is_behind,
        }
    }
}

/// Answers how every deputy of a subtree, and every station with a quota, stands in a year.
#[utoipa::path(tag = "receptions", params(ProgressQuery), responses(
    (status = 200, description = "Deputies by name, then stations", body = Vec<QuotaProgress>), SubListErrors,
))]
#[get("/quota-progress")]
pub async fn get_quota_progress(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ProgressQuery>,
) -> Result<web::Json<Vec<QuotaProgress>>, Problem> {
    let query = query.into_inner();
    let today = local_date(state.clock.now());
    let unit = UnitId::from_query(query.unit, "unit")?;
    let year = query.year.map(|text| u16::from_query(text, "year")).transpose()?;
    let year = year.unwrap_or_else(|| year_of_day(today));
    let rows = state
        .read(move |conn| {
            let path = units::path(conn, &unit)?;
            allow(&who, Some(path), "unit", unit.as_str())?;
            progress(conn, &unit, year, today)
        })
        .await?;
    Ok(web::Json(rows.into_iter().map(QuotaProgress::from).collect()))
}
