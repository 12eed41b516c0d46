//! Schedules: asking for the plan of a week, following the run, and stopping it.

pub mod answers;
pub mod assignments;
pub mod cases;
pub mod documents;
pub mod events;
pub mod explain;
pub mod progress;
pub mod publication;
pub mod receptions;
pub mod replan;
pub mod roster;
pub mod visits;
pub mod what_if;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::documents::ScheduleDocument;
use super::access::guard::{allow, allow_entity};
use super::access::trail::Tell as _;
use super::etag::etag;
use super::extract::Json;
use super::idempotency::{IdempotencyKey, mismatch};
use super::lang::Text;
use super::openapi::{GetErrors, ListErrors, PlanErrors, StopErrors};
use super::paging::Page;
use super::problem::{Code, Problem};
use super::resources::query::list_query;
use super::resources::{id_at, path_id};
use super::state::AppState;
use crate::db::schedules::{self, ScheduleFilter};
use crate::db::{ConflictKind, Connection, DbError, DbResult, Tx, jobs, placement};
use crate::domain::{Schedule, ScheduleId, UnitId, Who};
use crate::planning::iso_week::parse_week;
use crate::planning::request::{PlanRefusal, PlanRequest, request_plan};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_schedules)
        .service(create_schedule)
        .service(get_schedule)
        .service(stop_schedule)
        .service(replan::replan_schedule)
        .service(explain::get_explanation)
        .service(explain::get_recommendations)
        .service(explain::get_prices)
        .service(what_if::ask_what_if)
        .service(publication::publish_schedule)
        .service(publication::withdraw_schedule)
        .service(publication::get_publication)
        .service(publication::list_versions)
        .service(publication::get_diff)
        .service(events::get_schedule_events)
        .service(progress::get_schedule_progress)
        .service(roster::get_certificate)
        .service(roster::list_unmet)
        .service(cases::list_planned_cases)
        .service(receptions::list_planned_receptions)
        .service(visits::list_planned_visits)
        .service(roster::get_week_roster)
        .service(assignments::list_assignments)
        .service(assignments::pin_assignment)
        .service(assignments::unpin_assignment)
        .service(assignments::list_my_assignments);
}

/// What to plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "unit": "220102001000", "week": "2026-W49", "timeLimitSeconds": 60, "threads": 2, "seed": 1, "profile": null
}))]
pub struct NewSchedule {
    /// Code of the unit whose subtree is planned.
    unit: String,
    /// Week, as `2026-W49` or the date of a day in it.
    week: String,
    /// Stop after so many seconds and keep the best, 1 to 86400 (60 unless given).
    time_limit_seconds: Option<u32>,
    /// Threads of the solver, 1 to 256 (1 unless given).
    threads: Option<u16>,
    /// Seed of every random choice (1 unless given).
    seed: Option<i64>,
    /// Id of the constraint profile; the first one unless given.
    profile: Option<String>,
    /// Plan even though no statutory calendar is published for the week: weekends count as off.
    #[serde(default)]
    accept_draft_calendar: bool,
}

impl NewSchedule {
    fn request(&self) -> Result<PlanRequest, Problem> {
        let week_start = parse_week(&self.week).ok_or_else(|| {
            Problem::new(Code::InvalidValue).at(
                "/week",
                Text::new(format!("{:?} 不是一周", self.week), format!("{:?} is no week", self.week)),
                Text::new("用 2026-W49 或该周内的日期", "write 2026-W49, or the date of a day in the week"),
            )
        })?;
        Ok(PlanRequest {
            unit: id_at(&self.unit, "/unit")?,
            week_start,
            time_limit_seconds: self.time_limit_seconds.unwrap_or(60),
            threads: self.threads.unwrap_or(1),
            seed: self.seed.unwrap_or(1),
            profile: self.profile.as_deref().map(|profile| id_at(profile, "/profile")).transpose()?,
            accept_draft_calendar: self.accept_draft_calendar,
        })
    }
}

list_query! {
    ScheduleQuery fills ScheduleFilter {
        /// Only schedules of units in this unit's subtree.
        within => subtree,
        /// Only schedules of exactly this unit.
        unit => unit,
        /// Only the week that begins on this Monday.
        week_start => week_start,
        /// Only this status: `draft`, `planned`, `published` or `superseded`.
        status => status,
    }
}

/// The schedule and its place, if the author's right holds there.
///
/// # Errors
/// `not-found` outside the author's subtrees.
pub fn schedule_for(who: &Who, conn: &mut Connection, id: &ScheduleId) -> DbResult<(Schedule, Option<String>)> {
    let schedule = schedules::get(conn, id)?;
    let path = allow_entity(who, conn, &schedule, "schedule", id.as_str())?;
    Ok((schedule, path))
}

fn with_job(conn: &mut Connection, schedule: Schedule) -> DbResult<ScheduleDocument> {
    let job = jobs::latest(conn, &schedule.id)?;
    Ok(ScheduleDocument::new(schedule, job))
}

/// Lists schedules by id, which is their order in time.
#[utoipa::path(tag = "planning", params(ScheduleQuery), responses(
    (status = 200, description = "One page", body = Page<ScheduleDocument>), ListErrors,
))]
#[get("/schedules")]
pub async fn list_schedules(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ScheduleQuery>,
) -> Result<web::Json<Page<ScheduleDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let (items, next) = state
        .read(move |conn| {
            let slice = schedules::list(conn, &filter, &page)?;
            let items: DbResult<Vec<_>> = slice.items.into_iter().map(|schedule| with_job(conn, schedule)).collect();
            Ok((items?, slice.next))
        })
        .await?;
    Ok(web::Json(Page::new(&request, items, next.as_deref())))
}

/// Asks for the plan of a unit's week; the answer comes at once, and the run goes on.
#[utoipa::path(tag = "planning", request_body = NewSchedule, params(
    ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same body gives the same schedule"),
), responses(
    (status = 202, description = "The run is queued", body = ScheduleDocument,
        headers(("Location" = String, description = "Where to follow it"))),
    PlanErrors,
))]
#[post("/schedules")]
pub async fn create_schedule(
    state: web::Data<AppState>,
    who: Who,
    key: IdempotencyKey,
    body: Json<NewSchedule>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.0.request()?;
    let once = key.of("create_schedule", &(&who.account, &body.0));
    let (now, entropy, queue_limit) = (state.clock.now(), state.entropy.clone(), state.queue_limit);
    let author = who.clone();
    let asked = state
        .change(&who, move |tx| {
            if let Some(id) = once.before(tx)? {
                tx.unchanged();
                return answered_before(tx, &id).map(Ok);
            }
            let path = unit_for(&author, tx, &wanted.unit)?;
            let (schedule, job) = match request_plan(tx, &wanted, queue_limit, now, &*entropy) {
                Ok(asked) => asked,
                // Nothing has been written: refusals come before the first insert, but for the default profile.
                Err(PlanRefusal::Database(error)) => return Err(error),
                Err(refusal) => {
                    tx.unchanged();
                    return Ok(Err(refusal));
                }
            };
            once.keep(tx, schedule.id.as_str(), now)?;
            let document = ScheduleDocument::new(schedule, Some(job));
            tx.did("create", ("schedule", &document.id), path, None, Some(&document));
            Ok(Ok(document))
        })
        .await
        .map_err(mismatch)?;
    state.planner.queue.wake();
    accepted(asked)
}

/// The path of a unit that a request names: outside the author's subtrees there is no such unit.
fn unit_for(who: &Who, conn: &mut Connection, unit: &UnitId) -> DbResult<Option<String>> {
    let path = match placement::of_unit(conn, unit) {
        Ok(path) => path,
        // Asking for the plan refuses it in its own words.
        Err(DbError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    allow(who, path, "unit", unit.as_str()).map_err(|_| DbError::Conflict {
        kind: "unit",
        reason: ConflictKind::MissingReference,
        detail: format!("there is no unit {unit}"),
    })
}

/// The schedule that a repeated request made, as it now stands.
fn answered_before(tx: &mut Tx<'_>, id: &str) -> DbResult<ScheduleDocument> {
    let id = ScheduleId::parse(id).map_err(|fault| DbError::Internal(fault.to_string()))?;
    let schedule = schedules::get(tx, &id)?;
    with_job(tx, schedule)
}

fn accepted(asked: Result<ScheduleDocument, PlanRefusal>) -> Result<HttpResponse, Problem> {
    let document = asked.map_err(refused)?;
    let location = format!("/api/v1/schedules/{}", document.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(document))
}

fn refused(refusal: PlanRefusal) -> Problem {
    match refusal {
        PlanRefusal::NoCalendar(years) => {
            let years: Vec<String> = years.iter().map(ToString::to_string).collect();
            let years = years.join(", ");
            Problem::new(Code::NoCalendar).at(
                "/week",
                Text::new(format!("{years} 年没有已公布的法定日历"), format!("{years}: no published calendar")),
                Text::new(
                    "先在 /api/v1/calendars 录入并公布，或设 acceptDraftCalendar",
                    "add it under /api/v1/calendars as published, or set acceptDraftCalendar",
                ),
            )
        }
        PlanRefusal::QueueFull(waiting) => Problem::new(Code::QueueFull).detail(
            format!("已有 {waiting} 个任务在排队，请稍后再试"),
            format!("{waiting} runs wait; try again later"),
        ),
        PlanRefusal::StillRunning => Problem::new(Code::Conflict)
            .detail("上一次排班尚未结束；先停止或等待", "the last run has not ended; stop it or wait for it"),
        PlanRefusal::Database(error) => Problem::from(error),
    }
}

/// Answers a schedule with its latest run.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = ScheduleDocument,
        headers(("ETag" = String, description = "Its version"))),
    GetErrors,
))]
#[get("/schedules/{id}")]
pub async fn get_schedule(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let mut document = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            with_job(conn, schedule)
        })
        .await?;
    document.freshen(&state.planner.board);
    Ok(HttpResponse::Ok().insert_header(etag(document.version)).json(document))
}

/// Stops the schedule's run; the best roster found so far is kept.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 202, description = "The run stops soon and keeps its best roster", body = ScheduleDocument), StopErrors,
))]
#[delete("/schedules/{id}")]
pub async fn stop_schedule(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let now = state.clock.now();
    let author = who.clone();
    let stopped = state
        .change(&who, move |tx| {
            let (schedule, path) = schedule_for(&author, tx, &id)?;
            let Some(job) = jobs::latest(tx, &id)?.filter(|job| !job.status.is_final()) else {
                tx.unchanged();
                return Ok(None);
            };
            let job = jobs::request_stop(tx, &job.id, now)?;
            tx.because("stop", ("schedule", id.as_str()), path, None);
            Ok(Some((job.id.clone(), ScheduleDocument::new(schedule, Some(job)))))
        })
        .await?;
    let Some((job, document)) = stopped else {
        return Err(Problem::new(Code::Conflict).detail("没有正在进行的任务可停止", "there is no run to stop"));
    };
    state.planner.queue.stop(&job);
    Ok(HttpResponse::Accepted().json(document))
}
