//! What a planned schedule decides about receptions.

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
use crate::db::planned_receptions;
use crate::domain::{PlannedReception, ScheduleId, Who};

/// What a roster decides about a reception: a proposal until the roster is published.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlannedReception, example = json!({
    "reception": "re220105001-3", "held": true, "date": "2026-12-01", "startMinute": 810, "endMinute": 930,
    "deputies": ["p-7"], "host": "p-1", "venue": "r220105001-room", "reason": "", "carriedOut": false
}))]
pub struct PlannedReceptionDocument {
    /// Id of the reception.
    reception: String,
    /// Whether it is held.
    held: bool,
    /// Date on which it is held.
    date: Option<NaiveDate>,
    /// Minute of that day from which it is held.
    start_minute: Option<u16>,
    /// Minute of that day at which that ends.
    end_minute: Option<u16>,
    /// Ids of the deputies who receive.
    deputies: Vec<String>,
    /// Id of the host.
    host: Option<String>,
    /// Id of the room that it takes; none for an announced reception, which has its own.
    venue: Option<String>,
    /// Why it is not held, in the reader's language; empty when it is.
    reason: String,
    /// Whether publication has written it to the reception.
    carried_out: bool,
}

impl PlannedReceptionDocument {
    /// The document in the reader's language.
    #[must_use]
    pub fn new(planned: PlannedReception, lang: Lang) -> Self {
        Self {
            reception: planned.reception.to_string(),
            held: planned.is_held,
            date: planned.date,
            start_minute: planned.start_minute,
            end_minute: planned.end_minute,
            deputies: planned.deputies.iter().map(ToString::to_string).collect(),
            host: planned.host.map(|person| person.to_string()),
            venue: planned.venue.map(|venue| venue.to_string()),
            reason: lang.pick(planned.reason_zh, planned.reason_en),
            carried_out: planned.is_carried_out,
        }
    }
}

/// Which decisions.
#[derive(Debug, Clone, Default)]
pub struct PlannedReceptionFilter {
    held: Option<bool>,
}

list_query! {
    PlannedReceptionQuery fills PlannedReceptionFilter {
        /// Only those that are held, or those that are not.
        held => held,
    }
}

/// Lists what a planned schedule decides about receptions: when each is held and with whom, or why it is not.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), PlannedReceptionQuery), responses(
    (status = 200, description = "One page", body = Page<PlannedReceptionDocument>), RosterErrors,
))]
#[get("/schedules/{id}/receptions")]
pub async fn list_planned_receptions(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<PlannedReceptionQuery>,
    lang: Lang,
) -> Result<web::Json<Page<PlannedReceptionDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let list = move |conn: &mut _, id: &_| planned_receptions::list(conn, id, filter.held, &page);
    decided(&request, &state, who, id, list, |planned| PlannedReceptionDocument::new(planned, lang)).await
}
