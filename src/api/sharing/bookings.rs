//! Bookings of resources: one calendar for people and plans.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::GiveUp;
use crate::api::access::guard::{allow_entity, allow_unit, allow_use};
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{BookErrors, GetErrors, ListErrors, MoveErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::document::JsonField as _;
use crate::api::resources::query::list_query;
use crate::api::resources::{created, expected, found, id_at, path_id};
use crate::api::state::AppState;
use crate::db::bookings::{self, BookingFilter};
use crate::domain::{Booking, BookingId, BookingSource, Who};
use crate::sharing::booking::{Author, Wanted, book, release};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_bookings).service(create_booking).service(get_booking).service(cancel_booking);
}

/// What somebody wants to use.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "resource": "rs-1", "unit": "220102001001", "date": "2026-12-01", "startMinute": 540, "endMinute": 660,
    "quantity": 1, "purpose": "居民议事会"
}))]
pub struct NewBooking {
    /// Id of the resource.
    resource: String,
    /// Code of the unit that uses it.
    unit: String,
    /// Date.
    date: NaiveDate,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// How much of it (1 unless given).
    quantity: Option<u32>,
    /// People who come, for a venue.
    people: Option<u32>,
    /// What for.
    purpose: String,
}

/// The use of a resource at a time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Booking, example = json!({
    "id": "bo-1", "resource": "rs-1", "unit": "220102001001", "date": "2026-12-01", "startMinute": 540,
    "endMinute": 660, "quantity": 1, "purpose": "居民议事会", "activity": null, "reception": null, "source": "manual",
    "status": "booked", "version": 1
}))]
pub struct BookingDocument {
    /// Id.
    id: String,
    /// Id of the resource.
    resource: String,
    /// Code of the unit that uses it.
    unit: String,
    /// Date.
    date: NaiveDate,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// How much of it.
    quantity: u32,
    /// What for.
    purpose: String,
    /// Id of the activity that needs it.
    activity: Option<String>,
    /// Id of the reception that needs it.
    reception: Option<String>,
    /// `manual` or `plan`.
    source: String,
    /// `booked`, `cancelled` or `displaced`.
    status: String,
    /// Counts the edits, as in the `ETag`.
    version: i64,
}

impl From<Booking> for BookingDocument {
    fn from(booking: Booking) -> Self {
        Self {
            id: booking.id.to_json(),
            resource: booking.resource.to_json(),
            unit: booking.unit.to_json(),
            date: booking.date,
            start_minute: booking.start_minute,
            end_minute: booking.end_minute,
            quantity: booking.quantity,
            purpose: booking.purpose,
            activity: booking.activity.to_json(),
            reception: booking.reception.to_json(),
            source: booking.source.to_string(),
            status: booking.status.to_string(),
            version: booking.version,
        }
    }
}

list_query! {
    BookingQuery fills BookingFilter {
        /// Only of units in this unit's subtree.
        unit => subtree,
        /// Only of this resource.
        resource => resource,
        /// Only for this activity.
        activity => activity,
        /// Only for this reception.
        reception => reception,
        /// Only this status.
        status => status,
        /// Only this date or later.
        from => from,
        /// Only this date or earlier.
        to => to,
    }
}

/// Lists bookings by date, time and id.
#[utoipa::path(tag = "sharing", params(BookingQuery), responses(
    (status = 200, description = "One page", body = Page<BookingDocument>), ListErrors,
))]
#[get("/bookings")]
pub async fn list_bookings(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<BookingQuery>,
) -> Result<web::Json<Page<BookingDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| bookings::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(BookingDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Books a resource by hand; 409 when somebody else has it then, or not enough is left.
#[utoipa::path(tag = "sharing", request_body = NewBooking, responses(
    (status = 201, description = "Booked", body = BookingDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    BookErrors,
))]
#[post("/bookings")]
pub async fn create_booking(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<NewBooking>,
) -> Result<HttpResponse, Problem> {
    let body = body.0;
    let wanted = Wanted {
        resource: id_at(&body.resource, "/resource")?,
        unit: id_at(&body.unit, "/unit")?,
        date: body.date,
        start_minute: body.start_minute,
        end_minute: body.end_minute,
        quantity: body.quantity.unwrap_or(1),
        people: body.people,
        purpose: body.purpose,
        activity: None,
        reception: None,
        source: BookingSource::Manual,
    };
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let booking = state
        .change(&who, move |tx| {
            let path = allow_unit(&author, tx, &wanted.unit)?;
            allow_use(&author, tx, &wanted.resource)?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let booking = BookingDocument::from(book(tx, &wanted, by)?);
            tx.did("create", ("booking", &booking.id), path, None, Some(&booking));
            Ok(booking)
        })
        .await?;
    Ok(created(&request, &booking.id, 1, &booking))
}

/// Answers one booking.
#[utoipa::path(tag = "sharing", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = BookingDocument,
        headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/bookings/{id}")]
pub async fn get_booking(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: BookingId = path_id(&id)?;
    let booking = state
        .read(move |conn| {
            let booking = bookings::get(conn, &id)?;
            allow_entity(&who, conn, &booking, "booking", id.as_str())?;
            Ok(booking)
        })
        .await?;
    let version = booking.version;
    Ok(found(&request, version, &BookingDocument::from(booking)))
}

/// Gives up a booking; the free time becomes an event that a replan can read.
#[utoipa::path(tag = "sharing", request_body = GiveUp, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is given up", example = "\"1\""),
), responses((status = 200, description = "Given up", body = BookingDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/bookings/{id}/cancel")]
pub async fn cancel_booking(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<GiveUp>,
) -> Result<HttpResponse, Problem> {
    let id: BookingId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let booking = state
        .change(&who, move |tx| {
            let stored = bookings::get(tx, &id)?;
            let path = allow_entity(&author, tx, &stored, "booking", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let after = BookingDocument::from(release(tx, &id, version, &body.0.reason, by)?);
            let before = BookingDocument::from(stored);
            tx.did("cancel", ("booking", id.as_str()), path, Some(&before), Some(&after));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(booking.version)).json(booking))
}
