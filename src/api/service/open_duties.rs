//! Posts in force that lack heads, claiming them, and what has changed rosters in force.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::acting_person;
use super::duties::ReplanEventDocument;
use crate::api::access::trail::Tell as _;
use crate::api::openapi::{ListErrors, ServiceErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::query::list_query;
use crate::api::resources::{FromQuery, page_of, path_id};
use crate::api::schedules::assignments::AssignmentDocument;
use crate::api::state::AppState;
use crate::db::posts::PostFilter;
use crate::db::replan_events::{self, ReplanEventFilter};
use crate::db::{Connection, DbResult, Slice, placement, posts, stations};
use crate::domain::expand::local_minute;
use crate::domain::{PostId, UnitId, Who, local};
use crate::planning::service::{At, claim, covering, heads_of};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_open_duties).service(claim_open_duty).service(list_replan_events);
}

/// A post of a roster in force that lacks heads.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "post": "po-1", "schedule": "sc-1", "station": "st-1", "stationName": "桃源社区站", "date": "2026-11-30",
    "startMinute": 540, "endMinute": 720, "skill": null, "heads": 0, "missing": 1, "wanted": 1
}))]
pub struct OpenDuty {
    post: String,
    schedule: String,
    station: String,
    station_name: String,
    date: NaiveDate,
    start_minute: u16,
    end_minute: u16,
    /// Id of the required skill.
    skill: Option<String>,
    /// Heads that it has; trainees are none.
    heads: usize,
    /// Heads missing from its minimum.
    missing: usize,
    /// Heads missing from what is wished for.
    wanted: usize,
}

/// Which open duties.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpenQuery {
    /// Only stations in this unit's subtree.
    unit: Option<String>,
    /// First date; today unless given.
    from: Option<String>,
    /// Last date; 13 days after the first unless given.
    to: Option<String>,
    /// Most posts looked at, 1 to 500 (50 unless given); the page holds those of them that are open.
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

/// Lists posts of rosters in force that lack heads and have not begun, by date, time and id.
#[utoipa::path(tag = "service", params(OpenQuery), responses(
    (status = 200, description = "One page", body = Page<OpenDuty>), ListErrors,
))]
#[get("/open-duties")]
pub async fn list_open_duties(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<OpenQuery>,
) -> Result<web::Json<Page<OpenDuty>>, Problem> {
    let query = query.into_inner();
    let now = local(state.clock.now());
    let day = |text: Option<String>, name| text.map(|text| NaiveDate::from_query(text, name)).transpose();
    let from = day(query.from, "from")?.unwrap_or(now.date()).max(now.date());
    let to = day(query.to, "to")?.unwrap_or_else(|| last_day(from));
    let subtree = query.unit.map(|text| UnitId::from_query(text, "unit")).transpose()?;
    let mut page = page_of(query.limit, query.cursor.as_deref())?;
    page.visible = who.visible();
    let filter = PostFilter { subtree, from: Some(from), to: Some(to), ..PostFilter::default() };
    let slice = state.read(move |conn| open_duties(conn, &filter, &page, now)).await?;
    Ok(web::Json(Page::new(&request, slice.items, slice.next.as_deref())))
}

/// The last day of an unnamed span of open duties that begins on a day.
pub(in crate::api) fn last_day(from: NaiveDate) -> NaiveDate {
    from + Days::new(13)
}

/// Those of a page of posts that lack heads in rosters in force and have not begun.
pub(in crate::api) fn open_duties(
    conn: &mut Connection,
    filter: &PostFilter,
    page: &crate::db::Page,
    now: NaiveDateTime,
) -> DbResult<Slice<OpenDuty>> {
    let slice = posts::list(conn, filter, page)?;
    let heads = heads_of(conn, &slice.items)?;
    let mut names: HashMap<String, String> = HashMap::new();
    let mut items = Vec::new();
    for (post, heads) in slice.items.iter().zip(heads) {
        let begun = local_minute(post.date, post.start_minute) <= now;
        if begun || heads >= usize::from(post.target_heads) {
            continue;
        }
        let Some(schedule) = covering(conn, post)? else { continue };
        if !names.contains_key(post.station.as_str()) {
            names.insert(post.station.to_string(), stations::get(conn, &post.station)?.name);
        }
        items.push(OpenDuty {
            post: post.id.to_string(),
            schedule: schedule.id.to_string(),
            station: post.station.to_string(),
            station_name: names.get(post.station.as_str()).cloned().unwrap_or_default(),
            date: post.date,
            start_minute: post.start_minute,
            end_minute: post.end_minute,
            skill: post.skill.as_ref().map(ToString::to_string),
            heads,
            missing: usize::from(post.min_heads).saturating_sub(heads),
            wanted: usize::from(post.target_heads).saturating_sub(heads),
        });
    }
    Ok(Slice { items, next: slice.next })
}

/// Claims an open duty for the author, if the rules allow it.
#[utoipa::path(tag = "me", params(("post" = String, Path, description = "Id of the post")), responses(
    (status = 201, description = "The author's from now on", body = AssignmentDocument), ServiceErrors,
))]
#[post("/open-duties/{post}/claim")]
pub async fn claim_open_duty(
    state: web::Data<AppState>,
    who: Who,
    post: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let person = acting_person(&who)?;
    let post: PostId = path_id(&post)?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let duty = state
        .change(&who, move |tx| {
            let duty = claim(tx, &person, &post, At { now, entropy: &*entropy })?;
            let place = placement::of_station(tx, &duty.station)?;
            let document = AssignmentDocument::from(duty.clone());
            let subject = format!("{}/{}", duty.schedule, duty.seq);
            tx.did("claim", ("assignment", &subject), place, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(HttpResponse::Created().json(duty))
}

list_query! {
    ReplanEventQuery fills ReplanEventFilter {
        /// Only of this schedule.
        schedule => schedule,
        /// Only this kind: `decline`, `claim`, `giveAway` or `swap`.
        kind => kind,
    }
}

/// Lists what has changed rosters in force since they were published, by id, which is the order in time.
#[utoipa::path(tag = "service", params(ReplanEventQuery), responses(
    (status = 200, description = "One page", body = Page<ReplanEventDocument>), ListErrors,
))]
#[get("/replan-events")]
pub async fn list_replan_events(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ReplanEventQuery>,
) -> Result<web::Json<Page<ReplanEventDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| replan_events::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(ReplanEventDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}
