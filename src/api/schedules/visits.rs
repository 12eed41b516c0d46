//! What a planned schedule decides about open visits.

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
use crate::db::planned_visits;
use crate::domain::{PlannedVisit, ScheduleId, Who};

/// What a roster decides about a visit that was open: a proposal until the roster is published.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlannedVisit, example = json!({
    "visit": "vi-1", "made": true, "person": "d-1", "date": "2026-12-03", "startMinute": 540, "endMinute": 660,
    "reason": "", "carriedOut": false
}))]
pub struct PlannedVisitDocument {
    /// Id of the visit.
    visit: String,
    /// Whether it is made.
    made: bool,
    /// Id of whoever makes it.
    person: Option<String>,
    /// Date on which it is made.
    date: Option<NaiveDate>,
    /// Minute of that day from which it is made.
    start_minute: Option<u16>,
    /// Minute of that day at which that ends.
    end_minute: Option<u16>,
    /// Why it is not made, in the reader's language; empty when it is.
    reason: String,
    /// Whether publication has written it to the visit.
    carried_out: bool,
}

impl PlannedVisitDocument {
    /// The document in the reader's language.
    #[must_use]
    pub fn new(planned: PlannedVisit, lang: Lang) -> Self {
        Self {
            visit: planned.visit.to_string(),
            made: planned.is_made,
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
pub struct PlannedVisitFilter {
    made: Option<bool>,
}

list_query! {
    PlannedVisitQuery fills PlannedVisitFilter {
        /// Only those that are made, or those that are not.
        made => made,
    }
}

/// Lists what a planned schedule decides about open visits: who makes each and when, or why nobody does.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), PlannedVisitQuery), responses(
    (status = 200, description = "One page", body = Page<PlannedVisitDocument>), RosterErrors,
))]
#[get("/schedules/{id}/visits")]
pub async fn list_planned_visits(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<PlannedVisitQuery>,
    lang: Lang,
) -> Result<web::Json<Page<PlannedVisitDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let list = move |conn: &mut _, id: &_| planned_visits::list(conn, id, filter.made, &page);
    decided(&request, &state, who, id, list, |planned| PlannedVisitDocument::new(planned, lang)).await
}
