//! Offers to give duties away or to exchange them, bound to assignments.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{acting_person, own_person};
use crate::api::access::guard::allow_entity;
use crate::api::access::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::openapi::{ListErrors, ServiceErrors, SubListErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::query::list_query;
use crate::api::resources::{created, id_at, path_id};
use crate::api::state::AppState;
use crate::db::swaps::{self, SwapFilter};
use crate::db::{ConflictKind, DbError, DbResult, Trail, assignments, placement, policies, stations};
use crate::domain::{Entropy, PersonId, Right, ScheduleId, Swap, SwapId, SwapMode, SwapStatus, Who};
use crate::planning::service::{At, bound, exchange, may_exchange, own_duty};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_swaps)
        .service(list_my_swaps)
        .service(offer_swap)
        .service(take_swap)
        .service(approve_swap)
        .service(decline_swap);
}

/// What to offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"schedule": "sc-1", "assignment": 17, "to": "p-2", "for": 18, "reason": "下午有会"}))]
pub struct NewSwap {
    /// Id of the schedule in force.
    schedule: String,
    /// Number of the author's assignment that is offered.
    assignment: i64,
    /// Id of the person it is offered to; whoever may when null.
    to: Option<String>,
    /// Number of that person's assignment in the same schedule wanted in return; null for giving away.
    r#for: Option<i64>,
    /// Why.
    reason: Option<String>,
}

/// An offer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Swap, example = json!({
    "id": "sw-1", "schedule": "sc-1", "assignment": 17, "post": "po-1", "station": "st-1", "date": "2026-11-30",
    "startMinute": 540, "giver": "p-1", "taker": "p-2", "for": 18, "mode": "coordinator", "status": "offered",
    "reason": "下午有会", "createdAt": "2026-11-25T08:00:00Z", "decidedAt": null, "version": 1
}))]
pub struct SwapDocument {
    id: String,
    schedule: String,
    /// Number of the assignment that is offered.
    assignment: i64,
    post: String,
    station: String,
    date: NaiveDate,
    start_minute: u16,
    /// Id of the person who offers it.
    giver: String,
    /// Id of the person it is offered to or who has taken it.
    taker: Option<String>,
    /// Number of the assignment wanted in return.
    r#for: Option<i64>,
    /// `automatic`, `coordinator` or `coordinatorFirst`.
    mode: &'static str,
    /// `waiting`, `offered`, `taken`, `done`, `declined` or `cancelled`.
    status: &'static str,
    reason: Option<String>,
    created_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    version: i64,
}

impl From<Swap> for SwapDocument {
    fn from(swap: Swap) -> Self {
        Self {
            id: swap.id.to_string(),
            schedule: swap.schedule.to_string(),
            assignment: swap.seq,
            post: swap.post.to_string(),
            station: swap.station.to_string(),
            date: swap.date,
            start_minute: swap.start_minute,
            giver: swap.giver.to_string(),
            taker: swap.taker.map(|taker| taker.to_string()),
            r#for: swap.return_seq,
            mode: swap.mode.as_str(),
            status: swap.status.as_str(),
            reason: swap.reason,
            created_at: swap.created_at,
            decided_at: swap.decided_at,
            version: swap.version,
        }
    }
}

list_query! {
    SwapQuery fills SwapFilterQuery {
        /// Only this status.
        status => status,
    }
}

/// What a query of swaps names.
#[derive(Debug)]
pub struct SwapFilterQuery {
    status: Option<SwapStatus>,
}

/// Lists offers at the stations of the author's subtrees, by id.
#[utoipa::path(tag = "service", params(SwapQuery), responses(
    (status = 200, description = "One page", body = Page<SwapDocument>), ListErrors,
))]
#[get("/swaps")]
pub async fn list_swaps(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<SwapQuery>,
) -> Result<web::Json<Page<SwapDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let filter = SwapFilter { status: filter.status, concerning: None };
    let slice = state.read(move |conn| swaps::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(SwapDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Lists what the author offers, is offered, or may take, by id.
#[utoipa::path(tag = "me", params(SwapQuery), responses(
    (status = 200, description = "One page", body = Page<SwapDocument>), SubListErrors,
))]
#[get("/me/swaps")]
pub async fn list_my_swaps(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<SwapQuery>,
) -> Result<web::Json<Page<SwapDocument>>, Problem> {
    let person = own_person(&who)?;
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = Who { asked: Some(Right::See), ..who }.visible();
    let filter = SwapFilter { status: filter.status, concerning: Some(person) };
    let slice = state.read(move |conn| swaps::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(SwapDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

fn wrong_state(swap: &Swap) -> DbError {
    DbError::Conflict {
        kind: "swap",
        reason: ConflictKind::State,
        detail: format!("the offer is {}; read it again", swap.status),
    }
}

fn told(tx: &mut Trail<'_, '_>, action: &'static str, before: Option<Swap>, after: &Swap) -> DbResult<SwapDocument> {
    let place = placement::of_station(tx, &after.station)?;
    let document = SwapDocument::from(after.clone());
    tx.did(action, ("swap", after.id.as_str()), place, before.map(SwapDocument::from).as_ref(), Some(&document));
    Ok(document)
}

/// Offers one of the author's duties, to one person or to whoever may, to be given away or exchanged. The rules are
/// checked at once when it is offered to one person, and always before it takes effect.
#[utoipa::path(tag = "me", request_body = NewSwap, responses(
    (status = 201, description = "Offered", body = SwapDocument,
        headers(("Location" = String, description = "Where it is"))),
    ServiceErrors,
))]
#[post("/swaps")]
pub async fn offer_swap(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<NewSwap>,
) -> Result<HttpResponse, Problem> {
    let giver = acting_person(&who)?;
    let schedule: ScheduleId = id_at(&body.0.schedule, "/schedule")?;
    let taker: Option<PersonId> = body.0.to.as_deref().map(|id| id_at(id, "/to")).transpose()?;
    let (seq, wanted, reason) = (body.0.assignment, body.0.r#for, body.0.reason);
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let document = state
        .change(&who, move |tx| {
            let (_, duty) = own_duty(tx, &giver, &schedule, seq, now)?;
            let returned = wanted.map(|seq| assignments::get(tx, &schedule, seq)).transpose()?;
            // Wanting a duty in return addresses whoever has it.
            let taker = taker.or_else(|| returned.as_ref().map(|duty| duty.person.clone()));
            if taker.as_ref() == Some(&giver) {
                let detail = "nobody swaps with themselves".to_owned();
                return Err(DbError::Conflict { kind: "swap", reason: ConflictKind::State, detail });
            }
            let unit = stations::get(tx, &duty.station)?.unit;
            let mode = policies::effective(tx, &unit)?.swap_mode;
            let first = mode == SwapMode::CoordinatorFirst;
            let swap = Swap {
                id: SwapId::fresh(now, &*entropy),
                schedule: schedule.clone(),
                seq,
                assignment_version: duty.version,
                post: duty.post.clone(),
                station: duty.station.clone(),
                date: duty.date,
                start_minute: duty.start_minute,
                giver,
                taker: taker.clone(),
                return_seq: wanted,
                return_version: returned.as_ref().map(|duty| duty.version),
                mode,
                status: if first { SwapStatus::Waiting } else { SwapStatus::Offered },
                reason,
                created_at: now,
                decided_at: None,
                version: 1,
            };
            match &taker {
                Some(taker) => may_exchange(tx, &swap, taker, now)?,
                None => drop(bound(tx, &swap, now)?),
            }
            swaps::insert(tx, &swap)?;
            told(tx, "create", None, &swap)
        })
        .await?;
    let id = document.id.clone();
    Ok(created(&request, &id, 1, &document))
}

/// Puts the exchange in force.
fn finish(tx: &mut Trail<'_, '_>, swap: &mut Swap, now: DateTime<Utc>, entropy: &dyn Entropy) -> DbResult<()> {
    let Some(taker) = swap.taker.clone() else { return Err(wrong_state(swap)) };
    exchange(tx, swap, &taker, At { now, entropy })?;
    swap.status = SwapStatus::Done;
    swap.decided_at = Some(now);
    Ok(())
}

/// Takes an offer. Depending on the unit's policy the duties change hands at once, or a coordinator approves first. An
/// offer whose roster has changed meanwhile is refused, and so is what would break rules.
#[utoipa::path(tag = "me", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Taken", body = SwapDocument), ServiceErrors,
))]
#[post("/swaps/{id}/take")]
pub async fn take_swap(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<SwapDocument>, Problem> {
    let taker = acting_person(&who)?;
    let id: SwapId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let document = state
        .change(&who, move |tx| {
            let before = swaps::get(tx, &id)?;
            // Who is not addressed knows nothing of it.
            if before.giver == taker || before.taker.as_ref().is_some_and(|other| *other != taker) {
                return Err(DbError::NotFound { kind: "swap", id: id.to_string() });
            }
            if before.status != SwapStatus::Offered {
                return Err(wrong_state(&before));
            }
            let mut swap = Swap { taker: Some(taker.clone()), ..before.clone() };
            if swap.mode == SwapMode::Coordinator {
                may_exchange(tx, &swap, &taker, now)?;
                swap.status = SwapStatus::Taken;
            } else {
                finish(tx, &mut swap, now, &*entropy)?;
            }
            swap.version = swaps::update(tx, &swap)?;
            told(tx, "take", Some(before), &swap)
        })
        .await?;
    Ok(web::Json(document))
}

/// Approves an offer: one that waits may be taken from now on, and of one that is taken the duties change hands.
#[utoipa::path(tag = "service", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Approved", body = SwapDocument), ServiceErrors,
))]
#[post("/swaps/{id}/approve")]
pub async fn approve_swap(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<SwapDocument>, Problem> {
    let id: SwapId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let document = state
        .change(&who, move |tx| {
            let before = swaps::get(tx, &id)?;
            allow_entity(&author, tx, &before, "swap", id.as_str())?;
            let mut swap = before.clone();
            match before.status {
                SwapStatus::Waiting => {
                    bound(tx, &swap, now)?;
                    swap.status = SwapStatus::Offered;
                }
                SwapStatus::Taken => finish(tx, &mut swap, now, &*entropy)?,
                _ => return Err(wrong_state(&before)),
            }
            swap.version = swaps::update(tx, &swap)?;
            told(tx, "approve", Some(before), &swap)
        })
        .await?;
    Ok(web::Json(document))
}

/// Refuses an offer, as a coordinator or as the person it is addressed to, or takes one's own back.
#[utoipa::path(tag = "service", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Refused or taken back", body = SwapDocument), ServiceErrors,
))]
#[post("/swaps/{id}/decline")]
pub async fn decline_swap(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<SwapDocument>, Problem> {
    let id: SwapId = path_id(&id)?;
    let now = state.clock.now();
    let author = who.clone();
    let document = state
        .change(&who, move |tx| {
            let before = swaps::get(tx, &id)?;
            let place = placement::of_station(tx, &before.station)?;
            let own = acting_person(&author).ok();
            let is_giver = own.as_ref() == Some(&before.giver);
            let is_taker = own.is_some() && own == before.taker;
            if !is_giver && !is_taker && !author.may(Right::Publish, place.as_deref()) {
                return Err(DbError::NotFound { kind: "swap", id: id.to_string() });
            }
            if before.status.is_final() {
                return Err(wrong_state(&before));
            }
            let status = if is_giver { SwapStatus::Cancelled } else { SwapStatus::Declined };
            let mut swap = Swap { status, decided_at: Some(now), ..before.clone() };
            swap.version = swaps::update(tx, &swap)?;
            told(tx, "decline", Some(before), &swap)
        })
        .await?;
    Ok(web::Json(document))
}
