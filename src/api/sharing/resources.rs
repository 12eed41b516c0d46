//! Resources: venues, pools of vehicles and equipment, goods, funds; withdrawing them and what happened to them.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::GiveUp;
use super::bookings::BookingDocument;
use crate::api::access::guard::allow_entity;
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{ListErrors, MoveErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::document::{JsonField as _, entity_document};
use crate::api::resources::query::list_query;
use crate::api::resources::stations::OpeningHoursDocument;
use crate::api::resources::{EntityDocument as _, entity_handlers, expected, path_id};
use crate::api::state::AppState;
use crate::db::resource_events::{self, ResourceEventFilter};
use crate::db::resources::{self, ResourceFilter};
use crate::domain::{Resource, ResourceEvent, ResourceId, Who};
use crate::sharing::booking::Author;
use crate::sharing::withdrawal::{Withdrawal, restore, withdraw};

/// Withdrawals are moves of their own: an edit keeps them.
fn keep_withdrawal(resource: &mut Resource, stored: &Resource) {
    resource.withdrawn_from = stored.withdrawn_from;
    resource.withdrawn_to = stored.withdrawn_to;
}

entity_document! {
    /// A shared resource.
    ResourceDocument as Resource = Resource, ResourceId fresh, unseen keep_withdrawal;
    example {
        "id": "rs-1", "kind": "venue", "name": "桃源社区多功能厅", "unit": "220102001001", "station": "st-1",
        "baseKind": "cultureSports", "capacity": 60, "quantity": 1, "withdrawnFrom": null, "withdrawnTo": null,
        "hours": [{"day": "1-monday", "startMinute": 480, "endMinute": 1260}], "version": 1
    }
    {
        /// `venue`, `vehicle`, `equipment`, `goods` or `fund`.
        kind: String,
        /// Name.
        name: String,
        /// Code of the unit that owns it.
        unit: String,
        /// Id of the station at which it is; a venue has one.
        station: Option<String>,
        /// For a venue: `study`, `partyActivities`, `health` or `cultureSports`.
        base_kind: Option<String>,
        /// People who fit into a venue.
        capacity: Option<u32>,
        /// Vehicles or pieces in the pool, pieces in stock, yuan in the fund; 1 for a venue.
        quantity: u32,
        /// First day on which it is withdrawn; set by withdrawing it.
        withdrawn_from: Option<chrono::NaiveDate>,
        /// Last day on which it is withdrawn; null for good.
        withdrawn_to: Option<chrono::NaiveDate>,
        /// Hours in which it can be used; at any time when empty.
        #[serde(default)]
        hours: Vec<OpeningHoursDocument>,
    }
}

list_query! {
    ResourceQuery fills ResourceFilter {
        /// Only of units in this unit's subtree.
        unit => subtree,
        /// Only this kind.
        kind => kind,
        /// Only this kind of base.
        base_kind => base_kind,
        /// Only at this station.
        station => station,
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "sharing", document: ResourceDocument, id: ResourceId, table: resources,
    paths: "/resources" "/resources/{id}",
    list: list_resources ResourceQuery "Lists resources by id.",
    create: create_resource "Adds a resource.",
    get: get_resource "Answers one resource.",
    replace: replace_resource "Replaces a resource; its withdrawal stays as it is.",
    delete: delete_resource "Deletes a resource that nobody has booked or borrowed.",
}

/// Adds the moves and the list of events to the router.
pub fn configure_moves(config: &mut ServiceConfig) {
    config.service(withdraw_resource).service(restore_resource).service(list_resource_events);
}

/// For which days a resource is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"from": "2026-12-01", "to": "2026-12-06", "reason": "屋顶漏水维修"}))]
pub struct WithdrawalInput {
    /// First day.
    from: NaiveDate,
    /// Last day; null for good.
    to: Option<NaiveDate>,
    /// Why.
    reason: String,
}

/// A withdrawn resource with the bookings that lost it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "resource": {"id": "rs-1", "name": "桃源社区多功能厅", "withdrawnFrom": "2026-12-01", "version": 2},
    "displaced": []
}))]
pub struct Withdrawn {
    /// The resource.
    resource: ResourceDocument,
    /// Bookings that lost it, by date.
    displaced: Vec<BookingDocument>,
}

/// Withdraws a resource; its bookings of those days are displaced, and a replan can read the events.
#[utoipa::path(tag = "sharing", request_body = WithdrawalInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is withdrawn", example = "\"1\""),
), responses((status = 200, description = "Withdrawn", body = Withdrawn,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/resources/{id}/withdraw")]
pub async fn withdraw_resource(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<WithdrawalInput>,
) -> Result<HttpResponse, Problem> {
    let id: ResourceId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let withdrawal = Withdrawal { from: body.0.from, to: body.0.to, reason: body.0.reason };
    let author = who.clone();
    let (version, withdrawn) = state
        .change(&who, move |tx| {
            let stored = resources::get(tx, &id)?;
            let path = allow_entity(&author, tx, &stored, "resource", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let (resource, displaced) = withdraw(tx, &id, version, &withdrawal, by)?;
            let version = resource.version;
            let withdrawn = Withdrawn {
                resource: ResourceDocument::from_entity(resource),
                displaced: displaced.into_iter().map(BookingDocument::from).collect(),
            };
            tx.did("withdraw", ("resource", id.as_str()), path, None, Some(&withdrawn));
            Ok((version, withdrawn))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(version)).json(withdrawn))
}

/// Takes a withdrawal back; displaced bookings stay displaced.
#[utoipa::path(tag = "sharing", request_body = GiveUp, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is restored", example = "\"1\""),
), responses((status = 200, description = "Restored", body = ResourceDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/resources/{id}/restore")]
pub async fn restore_resource(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<GiveUp>,
) -> Result<HttpResponse, Problem> {
    let id: ResourceId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let (version, resource) = state
        .change(&who, move |tx| {
            let stored = resources::get(tx, &id)?;
            let path = allow_entity(&author, tx, &stored, "resource", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let resource = restore(tx, &id, version, &body.0.reason, by)?;
            let version = resource.version;
            let before = ResourceDocument::from_entity(stored);
            let after = ResourceDocument::from_entity(resource);
            tx.did("restore", ("resource", id.as_str()), path, Some(&before), Some(&after));
            Ok((version, after))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(version)).json(resource))
}

list_query! {
    ResourceEventQuery fills ResourceEventFilter {
        /// Only about this resource.
        resource => resource,
        /// Only about days from this one on.
        from => from,
        /// Only about days up to this one.
        to => to,
    }
}

/// Something that happened to a resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ResourceEvent, example = json!({
    "id": "ev-1", "at": "2026-11-30T01:00:00Z", "kind": "withdrawn", "resource": "rs-1", "booking": "bo-1",
    "fromDate": "2026-12-01", "toDate": "2026-12-01", "actor": "coordinator", "reason": "屋顶漏水维修"
}))]
pub struct ResourceEventDocument {
    /// Id; sorts by time.
    id: String,
    /// When it was said.
    at: DateTime<Utc>,
    /// `withdrawn`, `restored` or `released`.
    kind: String,
    /// Id of the resource.
    resource: String,
    /// Id of the booking that lost it or gave it up.
    booking: Option<String>,
    /// First day that it is about.
    from_date: NaiveDate,
    /// Last day; null for good.
    to_date: Option<NaiveDate>,
    /// Who said so.
    actor: String,
    /// Why.
    reason: String,
}

impl From<ResourceEvent> for ResourceEventDocument {
    fn from(event: ResourceEvent) -> Self {
        Self {
            id: event.id.as_str().to_owned(),
            at: event.at,
            kind: event.kind.to_string(),
            resource: event.resource.to_json(),
            booking: event.booking.to_json(),
            from_date: event.from_date,
            to_date: event.to_date,
            actor: event.actor,
            reason: event.reason,
        }
    }
}

/// Lists what happened to resources, in the order of its being said.
#[utoipa::path(tag = "sharing", params(ResourceEventQuery), responses(
    (status = 200, description = "One page", body = Page<ResourceEventDocument>), ListErrors,
))]
#[get("/resource-events")]
pub async fn list_resource_events(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ResourceEventQuery>,
) -> Result<web::Json<Page<ResourceEventDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| resource_events::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(ResourceEventDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}
