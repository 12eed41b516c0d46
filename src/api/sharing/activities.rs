//! Activities at service bases.

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
use crate::api::resources::{created, expected, id_at, path_id, word_at};
use crate::api::state::AppState;
use crate::db::activities::{self, ActivityFilter};
use crate::db::{placement, posts};
use crate::domain::{Activity, ActivityId, ActivityItem, BaseKind, ResourceId, Who};
use crate::planning::moved::follow_post;
use crate::planning::service::At;
use crate::sharing::activity::{NewActivity, Relocation, cancel, hold, relocate};
use crate::sharing::booking::Author;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_activities)
        .service(create_activity)
        .service(get_activity)
        .service(move_activity)
        .service(cancel_activity);
}

/// Something that an activity uses besides its venue.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityItemDocument {
    /// Id of the resource.
    resource: String,
    /// How much.
    quantity: u32,
}

/// What is to be held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "name": "健康讲座", "baseKind": "health", "unit": "220102001001", "venue": "rs-1", "date": "2026-12-02",
    "startMinute": 540, "endMinute": 660, "participants": 40, "skill": "medical", "minHeads": 1, "targetHeads": 2,
    "maxHeads": 3, "project": null, "items": [{"resource": "rs-2", "quantity": 40}]
}))]
pub struct ActivityInput {
    /// Name.
    name: String,
    /// `study`, `partyActivities`, `health` or `cultureSports`.
    base_kind: String,
    /// Code of the unit that holds it.
    unit: String,
    /// Id of the venue, a base of that kind; left out or null, the nearest that is free, open and large enough: at a
    /// station of the unit, then in its street, then the smallest.
    venue: Option<String>,
    /// Date.
    date: NaiveDate,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// People expected.
    participants: u32,
    /// Id of the skill that its helpers need.
    skill: Option<String>,
    /// Least helpers.
    min_heads: u16,
    /// Helpers wished for.
    target_heads: u16,
    /// Most helpers.
    max_heads: u16,
    /// Id of the project that it belongs to.
    project: Option<String>,
    /// Goods, equipment, vehicles and yuan of funds that it uses.
    #[serde(default)]
    items: Vec<ActivityItemDocument>,
}

impl ActivityInput {
    fn wanted(self) -> Result<NewActivity, Problem> {
        let items = self.items.into_iter().enumerate();
        Ok(NewActivity {
            name: self.name,
            base_kind: word_at(&self.base_kind, "/baseKind", BaseKind::parse)?,
            unit: id_at(&self.unit, "/unit")?,
            venue: venue_of(self.venue)?,
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            participants: self.participants,
            skill: self.skill.map(|id| id_at(&id, "/skill")).transpose()?,
            heads: [self.min_heads, self.target_heads, self.max_heads],
            project: self.project.map(|id| id_at(&id, "/project")).transpose()?,
            items: items
                .map(|(index, item)| {
                    let resource = id_at(&item.resource, &format!("/items/{index}/resource"))?;
                    Ok(ActivityItem { resource, quantity: item.quantity })
                })
                .collect::<Result<_, Problem>>()?,
        })
    }
}

fn venue_of(venue: Option<String>) -> Result<Option<ResourceId>, Problem> {
    venue.map(|id| id_at(&id, "/venue")).transpose()
}

/// Where and when an activity is to be instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"venue": null, "date": "2026-12-03", "startMinute": 540, "endMinute": 660, "reason": "屋顶漏水"}))]
pub struct ActivityMove {
    /// Id of the venue; left out or null, the present one if it can be had then, and otherwise the nearest that can.
    venue: Option<String>,
    /// Date, if it changes.
    date: Option<NaiveDate>,
    /// First minute of the day, if it changes.
    start_minute: Option<u16>,
    /// First minute after the end, if it changes.
    end_minute: Option<u16>,
    /// Why.
    reason: String,
}

impl ActivityMove {
    fn relocation(self) -> Result<Relocation, Problem> {
        Ok(Relocation {
            venue: venue_of(self.venue)?,
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            reason: self.reason,
        })
    }
}

/// An activity.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Activity, example = json!({
    "id": "ac-1", "name": "健康讲座", "baseKind": "health", "unit": "220102001001", "venue": "rs-1", "station": "st-1",
    "date": "2026-12-02", "startMinute": 540, "endMinute": 660, "participants": 40, "skill": "medical", "minHeads": 1,
    "targetHeads": 2, "maxHeads": 3, "project": null, "post": "po-1", "status": "planned",
    "items": [{"resource": "rs-2", "quantity": 40}], "venueLost": false, "version": 1
}))]
pub struct ActivityDocument {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// Kind of base.
    base_kind: String,
    /// Code of the unit that holds it.
    unit: String,
    /// Id of the venue.
    venue: String,
    /// Id of the venue's station.
    station: String,
    /// Date.
    date: NaiveDate,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// People expected.
    participants: u32,
    /// Id of the skill that its helpers need.
    skill: Option<String>,
    /// Least helpers.
    min_heads: u16,
    /// Helpers wished for.
    target_heads: u16,
    /// Most helpers.
    max_heads: u16,
    /// Id of the project that it belongs to.
    project: Option<String>,
    /// Id of the post through which its helpers are planned.
    post: String,
    /// `planned` or `cancelled`.
    status: String,
    /// What else it uses.
    items: Vec<ActivityItemDocument>,
    /// It is planned, and its venue is no longer its own: withdrawn, and to be moved.
    venue_lost: bool,
    /// Counts the edits, as in the `ETag`.
    version: i64,
}

impl From<Activity> for ActivityDocument {
    fn from(activity: Activity) -> Self {
        let items = activity.items.into_iter();
        Self {
            id: activity.id.to_json(),
            name: activity.name,
            base_kind: activity.base_kind.to_string(),
            unit: activity.unit.to_json(),
            venue: activity.venue.to_json(),
            station: activity.station.to_json(),
            date: activity.date,
            start_minute: activity.start_minute,
            end_minute: activity.end_minute,
            participants: activity.participants,
            skill: activity.skill.to_json(),
            min_heads: activity.min_heads,
            target_heads: activity.target_heads,
            max_heads: activity.max_heads,
            project: activity.project.to_json(),
            post: activity.post.to_json(),
            status: activity.status.to_string(),
            items: items
                .map(|item| ActivityItemDocument { resource: item.resource.to_json(), quantity: item.quantity })
                .collect(),
            venue_lost: activity.venue_lost,
            version: activity.version,
        }
    }
}

list_query! {
    ActivityQuery fills ActivityFilter {
        /// Only of units in this unit's subtree.
        unit => subtree,
        /// Only this kind of base.
        base_kind => base_kind,
        /// Only this status.
        status => status,
        /// Only this date or later.
        from => from,
        /// Only this date or earlier.
        to => to,
    }
}

/// Lists activities by id.
#[utoipa::path(tag = "sharing", params(ActivityQuery), responses(
    (status = 200, description = "One page", body = Page<ActivityDocument>), ListErrors,
))]
#[get("/activities")]
pub async fn list_activities(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ActivityQuery>,
) -> Result<web::Json<Page<ActivityDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| activities::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(ActivityDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Plans an activity: books venue, goods and money, and makes the post of its helpers; all of it or nothing. Without a
/// venue it takes the nearest base that can be had, or says how many there are and what stands in the way.
#[utoipa::path(tag = "sharing", request_body = ActivityInput, responses(
    (status = 201, description = "Planned", body = ActivityDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    BookErrors,
))]
#[post("/activities")]
pub async fn create_activity(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<ActivityInput>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.0.wanted()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let activity = state
        .change(&who, move |tx| {
            let path = allow_unit(&author, tx, &wanted.unit)?;
            for resource in wanted.venue.iter().chain(wanted.items.iter().map(|item| &item.resource)) {
                allow_use(&author, tx, resource)?;
            }
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let activity = hold(tx, wanted, &author.visible(), by)?;
            let document = ActivityDocument::from(activity);
            tx.did("create", ("activity", &document.id), path, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(created(&request, &activity.id, 1, &activity))
}

/// Answers one activity.
#[utoipa::path(tag = "sharing", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = ActivityDocument,
        headers(("ETag" = String, description = "Its version"))),
    GetErrors,
))]
#[get("/activities/{id}")]
pub async fn get_activity(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ActivityId = path_id(&id)?;
    let activity = state
        .read(move |conn| {
            let activity = activities::get(conn, &id)?;
            allow_entity(&who, conn, &activity, "activity", id.as_str())?;
            Ok(activity)
        })
        .await?;
    // In full whatever the client holds: `venueLost` follows from the bookings, which the version does not count.
    Ok(HttpResponse::Ok().insert_header(etag(activity.version)).json(ActivityDocument::from(activity)))
}

/// Gives a planned activity another base or time: its bookings, its post and the helpers of rosters in force who can
/// come then go along, all of it or nothing. Helpers who cannot are free, and are told so.
#[utoipa::path(tag = "sharing", request_body = ActivityMove, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
), responses((status = 200, description = "Moved", body = ActivityDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/activities/{id}/move")]
pub async fn move_activity(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<ActivityMove>,
) -> Result<HttpResponse, Problem> {
    let id: ActivityId = path_id(&id)?;
    let to = body.0.relocation()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let activity = state
        .change(&who, move |tx| {
            let stored = activities::get(tx, &id)?;
            let path = allow_entity(&author, tx, &stored, "activity", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            if let Some(venue) = &to.venue {
                allow_use(&author, tx, venue)?;
            }
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let (post, reason) = (posts::get(tx, &stored.post)?, to.reason.clone());
            let after = ActivityDocument::from(relocate(tx, &id, version, to, &author.visible(), by)?);
            let duties = follow_post(tx, &post, At { now, entropy: &*entropy })?;
            let stations: Vec<&str> = duties.iter().map(|duty| duty.station.as_str()).collect();
            let places = placement::of_stations(tx, &stations)?;
            for duty in &duties {
                let place = places.get(duty.station.as_str()).cloned();
                let subject = format!("{}/{}", duty.schedule, duty.seq);
                tx.because("move", ("assignment", &subject), place, Some(reason.clone()));
            }
            let before = ActivityDocument::from(stored);
            tx.did("move", ("activity", id.as_str()), path, Some(&before), Some(&after));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(activity.version)).json(activity))
}

/// Cancels an activity: its bookings are given up and its post is no longer wanted.
#[utoipa::path(tag = "sharing", request_body = GiveUp, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is cancelled", example = "\"1\""),
), responses((status = 200, description = "Cancelled", body = ActivityDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/activities/{id}/cancel")]
pub async fn cancel_activity(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<GiveUp>,
) -> Result<HttpResponse, Problem> {
    let id: ActivityId = path_id(&id)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let activity = state
        .change(&who, move |tx| {
            let stored = activities::get(tx, &id)?;
            let path = allow_entity(&author, tx, &stored, "activity", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let after = ActivityDocument::from(cancel(tx, &id, version, &body.0.reason, by)?);
            let before = ActivityDocument::from(stored);
            tx.did("cancel", ("activity", id.as_str()), path, Some(&before), Some(&after));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(activity.version)).json(activity))
}
