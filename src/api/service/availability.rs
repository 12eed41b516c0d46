//! The author's own availability, weekly and dated; for a week to come until the unit's deadline.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{acting_person, own_person};
use crate::api::access::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::openapi::{SelfErrors, ServiceErrors};
use crate::api::problem::Problem;
use crate::api::resources::availability::AvailabilityDocument;
use crate::api::resources::{EntityDocument as _, created, path_id};
use crate::api::state::AppState;
use crate::db::availability::{self, AvailabilityFilter};
use crate::db::{ConflictKind, Connection, DbError, DbResult, Page, people, placement, policies};
use crate::domain::{Availability, AvailabilityId, PersonId, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_my_availability).service(state_my_availability).service(withdraw_my_availability);
}

/// What the author has said, and what can still be said.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"firstOpenWeek": "2026-11-30", "items": []}))]
pub struct MyAvailability {
    /// Monday of the first week that a statement made now still reaches.
    first_open_week: NaiveDate,
    /// Statements, by id.
    items: Vec<AvailabilityDocument>,
}

/// A statement about oneself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "kind": "unavailable", "weekday": null, "fromDate": "2026-12-07", "toDate": "2026-12-08", "startMinute": 0,
    "endMinute": 1440, "reason": "出差"
}))]
pub struct MyStatement {
    /// `unavailable`, `undesired` or `desired`.
    kind: String,
    /// 1 Monday to 7 Sunday for a weekly statement; it holds from the first open week on.
    weekday: Option<u8>,
    /// First day.
    from_date: Option<NaiveDate>,
    /// Last day.
    to_date: Option<NaiveDate>,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// Id of a kind of shift, for wishes.
    shift_type: Option<String>,
    /// Id of a station, for wishes.
    station: Option<String>,
    /// Strength of a wish, 1 (unless given) and up.
    weight: Option<u16>,
    /// Reason, for the coordinator.
    reason: Option<String>,
}

fn deadline(conn: &mut Connection, person: &PersonId, now: chrono::DateTime<chrono::Utc>) -> DbResult<NaiveDate> {
    let unit = people::get(conn, person)?.home_unit;
    Ok(policies::effective(conn, &unit)?.first_open_week(now))
}

/// Answers the author's own statements of availability, and the first week that is still open.
#[utoipa::path(tag = "me", responses((status = 200, description = "Statements", body = MyAvailability), SelfErrors))]
#[get("/me/availability")]
pub async fn list_my_availability(state: web::Data<AppState>, who: Who) -> Result<web::Json<MyAvailability>, Problem> {
    let person = own_person(&who)?;
    let now = state.clock.now();
    let (first_open_week, items) = state
        .read(move |conn| {
            let first = deadline(conn, &person, now)?;
            let filter = AvailabilityFilter { person: Some(person), ..AvailabilityFilter::default() };
            let mut page = Page::first(crate::db::MAX_PAGE);
            let mut items = Vec::new();
            loop {
                let slice = availability::list(conn, &filter, &page)?;
                items.extend(slice.items.into_iter().map(AvailabilityDocument::from_entity));
                match slice.next {
                    Some(next) => page.after = Some(next),
                    None => return Ok((first, items)),
                }
            }
        })
        .await?;
    Ok(web::Json(MyAvailability { first_open_week, items }))
}

fn too_late(first: NaiveDate) -> DbError {
    DbError::Conflict {
        kind: "availability",
        reason: ConflictKind::Time,
        detail: format!("statements reach weeks from {first} on; for an earlier day decline the duty or ask"),
    }
}

/// States when the author cannot, would rather not, or would like to serve, for weeks whose deadline has not passed.
#[utoipa::path(tag = "me", request_body = MyStatement, responses(
    (status = 201, description = "Stated", body = AvailabilityDocument,
        headers(("Location" = String, description = "Where it is"))),
    ServiceErrors,
))]
#[post("/me/availability")]
pub async fn state_my_availability(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<MyStatement>,
) -> Result<HttpResponse, Problem> {
    let person = acting_person(&who)?;
    let now = state.clock.now();
    let said = body.0;
    let document = AvailabilityDocument {
        id: None,
        person: person.to_string(),
        kind: said.kind,
        weekday: said.weekday,
        from_date: said.from_date,
        to_date: said.to_date,
        start_minute: said.start_minute,
        end_minute: said.end_minute,
        shift_type: said.shift_type,
        station: said.station,
        weight: said.weight.unwrap_or(1),
        reason: said.reason,
        version: None,
    };
    let mut statement = document.into_entity(AvailabilityId::fresh(now, &*state.entropy), 1)?;
    let document = state
        .change(&who, move |tx| {
            let first = deadline(tx, &person, now)?;
            match statement.from_date {
                Some(from) if from < first => return Err(too_late(first)),
                None => statement.from_date = Some(first),
                Some(_) => {}
            }
            availability::insert(tx, &statement)?;
            let place = placement::of_person(tx, &person)?;
            let document = AvailabilityDocument::from_entity(statement);
            let id = document.id.clone().unwrap_or_default();
            tx.did("create", ("availability", &id), place, None, Some(&document));
            Ok(document)
        })
        .await?;
    let id = document.id.clone().unwrap_or_default();
    Ok(created(&request, &id, 1, &document))
}

/// Takes one of the author's statements back; what it says of days before the first open week stays.
#[utoipa::path(tag = "me", params(("id" = String, Path, description = "Id")), responses(
    (status = 204, description = "Taken back"), ServiceErrors,
))]
#[delete("/me/availability/{id}")]
pub async fn withdraw_my_availability(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let person = acting_person(&who)?;
    let id: AvailabilityId = path_id(&id)?;
    let now = state.clock.now();
    state
        .change(&who, move |tx| {
            let before = availability::get(tx, &id)?;
            if before.person != person {
                return Err(DbError::NotFound { kind: "availability", id: id.to_string() });
            }
            let first = deadline(tx, &person, now)?;
            let last_kept = first - Days::new(1);
            if before.from_date.is_some_and(|from| from >= first) {
                availability::delete(tx, &id, before.version)?;
            } else if before.to_date.is_some_and(|to| to <= last_kept) {
                return Err(too_late(first));
            } else {
                availability::update(tx, &Availability { to_date: Some(last_kept), ..before.clone() })?;
            }
            let place = placement::of_person(tx, &person)?;
            let document = AvailabilityDocument::from_entity(before);
            tx.did("delete", ("availability", id.as_str()), place, Some(&document), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
