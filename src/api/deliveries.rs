//! Notifications on their way: how far each has come, over all channels or of one, and sending again what was given up.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::access::guard::{allow_entity, as_reference};
use super::access::trail::Tell as _;
use super::extract::Json;
use super::lang::Text;
use super::openapi::{ListErrors, ServiceErrors, SubListErrors};
use super::paging::Page;
use super::problem::{Code, Problem};
use super::resources::query::list_query;
use super::resources::{id_at, path_id};
use super::state::AppState;
use crate::db::outbox::{self, DeliveryFilter};
use crate::db::{ConflictKind, DbError, DbResult, Trail, channels};
use crate::domain::{ChannelId, Delivery, DeliveryId, DeliveryStatus, Who};

/// Most deliveries that one request sends again.
const MAX_AT_ONCE: usize = 500;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_deliveries).service(redeliver_many).service(list_channel_deliveries).service(redeliver);
}

/// A notification on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery, example = json!({
    "id": "de-1", "channel": "ch-1", "event": "roster.published", "person": null, "subject": "班表已发布", "status": "dead",
    "attempts": 6, "dueAt": "2026-11-25T08:00:00Z", "error": "the receiver answered 500",
    "createdAt": "2026-11-24T08:00:00Z", "sentAt": null
}))]
pub struct DeliveryDocument {
    id: String,
    /// Id of the channel.
    channel: String,
    /// What happened.
    event: String,
    /// Who is told; null for a group.
    person: Option<String>,
    subject: String,
    /// `queued`, `sent` or `dead` (given up).
    status: &'static str,
    /// Tries so far.
    attempts: u16,
    /// Not before this time.
    due_at: DateTime<Utc>,
    /// Why the last try failed.
    error: Option<String>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryDocument {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            channel: delivery.channel.to_string(),
            event: delivery.event,
            person: delivery.person.map(|person| person.to_string()),
            subject: delivery.subject,
            status: delivery.status.as_str(),
            attempts: delivery.attempts,
            due_at: delivery.due_at,
            error: delivery.error,
            created_at: delivery.created_at,
            sent_at: delivery.sent_at,
        }
    }
}

list_query! {
    DeliveryQuery fills DeliveryFilter {
        /// Only by channels of this unit's subtree.
        unit => subtree,
        /// Only by this channel.
        channel => channel,
        /// Only `queued`, `sent` or `dead`.
        status => status,
    }
}

/// Lists the notifications of every channel that the author keeps, by id, which is their order in time; without their
/// texts. `status=dead` are those given up.
#[utoipa::path(tag = "notifications", params(DeliveryQuery),
    responses((status = 200, description = "One page", body = Page<DeliveryDocument>), ListErrors))]
#[get("/deliveries")]
pub async fn list_deliveries(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<DeliveryQuery>,
) -> Result<web::Json<Page<DeliveryDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| outbox::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(DeliveryDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// What a query of a channel's deliveries names.
#[derive(Debug)]
pub struct DeliveryStatusFilter {
    status: Option<DeliveryStatus>,
}

list_query! {
    ChannelDeliveryQuery fills DeliveryStatusFilter {
        /// Only `queued`, `sent` or `dead`.
        status => status,
    }
}

/// Lists a channel's notifications by id, which is their order in time; without their texts.
#[utoipa::path(tag = "notifications", params(("id" = String, Path, description = "Id of the channel"), ChannelDeliveryQuery),
    responses((status = 200, description = "One page", body = Page<DeliveryDocument>), SubListErrors))]
#[get("/channels/{id}/deliveries")]
pub async fn list_channel_deliveries(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<ChannelDeliveryQuery>,
) -> Result<web::Json<Page<DeliveryDocument>>, Problem> {
    let id: ChannelId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let slice = state
        .read(move |conn| {
            let channel = channels::get(conn, &id)?;
            allow_entity(&who, conn, &channel, "channel", id.as_str())?;
            outbox::list(conn, &DeliveryFilter { channel: Some(id), status: filter.status, subtree: None }, &page)
        })
        .await?;
    let items = slice.items.into_iter().map(DeliveryDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Queues a notification again that was given up or waits after a failure, if its channel is the author's.
fn queue_again(tx: &mut Trail<'_, '_>, who: &Who, id: &DeliveryId, now: DateTime<Utc>) -> DbResult<Delivery> {
    let stored = outbox::get(tx, id)?;
    let channel = channels::get(tx, &stored.channel)?;
    let path = allow_entity(who, tx, &channel, "delivery", id.as_str())?;
    let has_failed = stored.status == DeliveryStatus::Queued && stored.error.is_some();
    if stored.status != DeliveryStatus::Dead && !has_failed {
        return Err(DbError::Conflict {
            kind: "delivery",
            reason: ConflictKind::State,
            detail: format!("{id} is {}; only what failed is sent again", stored.status),
        });
    }
    let again = Delivery { status: DeliveryStatus::Queued, attempts: 0, due_at: now, error: None, ..stored };
    outbox::update(tx, &again)?;
    tx.because("redeliver", ("delivery", id.as_str()), path, None);
    Ok(again)
}

/// Sends a notification again that was given up, or at once one whose last try failed.
#[utoipa::path(tag = "notifications", params(
    ("id" = String, Path, description = "Id of the channel"),
    ("delivery" = String, Path, description = "Id of the notification"),
), responses((status = 202, description = "It goes out with the next round", body = DeliveryDocument), ServiceErrors))]
#[post("/channels/{id}/deliveries/{delivery}/redeliver")]
pub async fn redeliver(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, delivery): (ChannelId, DeliveryId) = (path_id(&path.0)?, path_id(&path.1)?);
    let now = state.clock.now();
    let author = who.clone();
    let queued = state
        .change(&who, move |tx| {
            if outbox::get(tx, &delivery)?.channel != id {
                return Err(DbError::NotFound { kind: "delivery", id: delivery.to_string() });
            }
            queue_again(tx, &author, &delivery, now)
        })
        .await?;
    Ok(HttpResponse::Accepted().json(DeliveryDocument::from(queued)))
}

/// Which notifications are to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"deliveries": ["de-1", "de-2"]}))]
pub struct Redelivery {
    /// Ids of notifications that were given up, of any channels; 1 to 500.
    deliveries: Vec<String>,
}

/// Sends notifications again that were given up, whatever their channels; all of them or none.
#[utoipa::path(tag = "notifications", request_body = Redelivery, responses(
    (status = 202, description = "They go out with the next round", body = Vec<DeliveryDocument>), ServiceErrors,
))]
#[post("/deliveries/redeliver")]
pub async fn redeliver_many(
    state: web::Data<AppState>,
    who: Who,
    body: Json<Redelivery>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.0.deliveries;
    if wanted.is_empty() || wanted.len() > MAX_AT_ONCE {
        return Err(Problem::new(Code::InvalidValue).at(
            "/deliveries",
            Text::new(format!("应为 1 至 {MAX_AT_ONCE} 条"), format!("it does not name 1 to {MAX_AT_ONCE}")),
            Text::new("分批重发", "send them again in parts"),
        ));
    }
    let ids: Vec<DeliveryId> = wanted
        .iter()
        .enumerate()
        .map(|(index, id)| id_at(id, &format!("/deliveries/{index}")))
        .collect::<Result<_, Problem>>()?;
    let now = state.clock.now();
    let author = who.clone();
    let queued = state
        .change(&who, move |tx| {
            ids.iter().map(|id| queue_again(tx, &author, id, now).map_err(as_reference)).collect::<DbResult<Vec<_>>>()
        })
        .await?;
    let queued: Vec<DeliveryDocument> = queued.into_iter().map(DeliveryDocument::from).collect();
    Ok(HttpResponse::Accepted().json(queued))
}
