//! What a planned schedule decides about residents' cases.

use actix_web::{HttpRequest, get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::roster::decided;
use crate::api::lang::Lang;
use crate::api::openapi::RosterErrors;
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::path_id;
use crate::api::resources::query::list_query;
use crate::api::state::AppState;
use crate::db::planned_cases;
use crate::domain::{PlannedCase, ScheduleId, Settlement, Who};

/// What a roster decides about a case: a proposal until the roster is published.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlannedCase, example = json!({
    "case": "c220102001-0007", "unit": "220102001002", "settlement": "worked", "person": "p-1", "date": "2026-12-01",
    "startMinute": 600, "endMinute": 660, "reason": "", "carriedOut": false
}))]
pub struct PlannedCaseDocument {
    /// Id of the case.
    case: String,
    /// Code of the unit that answered for it when it was planned.
    unit: String,
    /// `worked`, `escalated`, `explained`, `waiting` or `late`.
    settlement: &'static str,
    /// Id of the person who works it, when it is worked.
    person: Option<String>,
    /// Date on which it is worked.
    date: Option<NaiveDate>,
    /// Minute of that day from which it is worked.
    start_minute: Option<u16>,
    /// Minute of that day at which that ends.
    end_minute: Option<u16>,
    /// Why it is not worked, in the reader's language; empty when it is.
    reason: String,
    /// Whether publication has moved the case accordingly.
    carried_out: bool,
}

impl PlannedCaseDocument {
    /// The document in the reader's language.
    #[must_use]
    pub fn new(planned: PlannedCase, lang: Lang) -> Self {
        Self {
            case: planned.case.to_string(),
            unit: planned.unit.to_string(),
            settlement: planned.settlement.as_str(),
            person: planned.person.map(|person| person.to_string()),
            date: planned.date,
            start_minute: planned.start_minute,
            end_minute: planned.end_minute,
            reason: lang.pick(planned.reason_zh, planned.reason_en),
            carried_out: planned.is_carried_out,
        }
    }
}

/// Which decisions.
#[derive(Debug, Clone, Default)]
pub struct PlannedCaseFilter {
    settlement: Option<Settlement>,
}

list_query! {
    PlannedCaseQuery fills PlannedCaseFilter {
        /// Only `worked`, `escalated`, `explained`, `waiting` or `late` ones.
        settlement => settlement,
    }
}

/// Lists what a planned schedule decides about residents' cases: who works each and when, or why nobody does.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), PlannedCaseQuery), responses(
    (status = 200, description = "One page", body = Page<PlannedCaseDocument>), RosterErrors,
))]
#[get("/schedules/{id}/cases")]
pub async fn list_planned_cases(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<PlannedCaseQuery>,
    lang: Lang,
) -> Result<web::Json<Page<PlannedCaseDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let list = move |conn: &mut _, id: &_| planned_cases::list(conn, id, filter.settlement, &page);
    decided(&request, &state, who, id, list, |planned| PlannedCaseDocument::new(planned, lang)).await
}
