//! Confirming, declining, checking in and out.

use actix_web::{post, web};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::acting_person;
use crate::api::access::guard::allow;
use crate::api::access::personal::Reason;
use crate::api::access::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::openapi::ServiceErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::path_id;
use crate::api::state::AppState;
use crate::db::{ConflictKind, DbError, DbResult, Tx, assignments, duties, placement, policies, schedules, stations};
use crate::domain::expand::local_minute;
use crate::domain::{Assignment, DutyRecord, ReplanEvent, ScheduleId, ScheduleStatus, Who, local};
use crate::planning::follow::record_of;
use crate::planning::service::{At, decline, own_assignment, own_duty};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(confirm_duty)
        .service(decline_duty)
        .service(check_in)
        .service(check_out)
        .service(check_in_by_head)
        .service(check_out_by_head);
}

/// What has become of a duty.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DutyRecord, example = json!({
    "person": "p-1", "post": "po-1", "station": "st-1", "date": "2026-11-30", "startMinute": 540, "endMinute": 720,
    "confirmedAt": "2026-11-25T08:00:00Z", "checkedInAt": null, "checkedInBy": null, "checkedOutAt": null,
    "checkedOutBy": null, "servedMinutes": 0
}))]
pub struct DutyDocument {
    person: String,
    post: String,
    station: String,
    date: NaiveDate,
    start_minute: u16,
    end_minute: u16,
    /// When the person confirmed it.
    confirmed_at: Option<DateTime<Utc>>,
    /// When service began.
    checked_in_at: Option<DateTime<Utc>>,
    /// Name of the account that said so.
    checked_in_by: Option<String>,
    /// When service ended.
    checked_out_at: Option<DateTime<Utc>>,
    /// Name of the account that said so.
    checked_out_by: Option<String>,
    /// Minutes between check-in and check-out within the planned time.
    served_minutes: i64,
}

impl From<DutyRecord> for DutyDocument {
    fn from(record: DutyRecord) -> Self {
        Self {
            served_minutes: record.served_minutes(),
            person: record.person.to_string(),
            post: record.post.to_string(),
            station: record.station.to_string(),
            date: record.date,
            start_minute: record.start_minute,
            end_minute: record.end_minute,
            confirmed_at: record.confirmed_at,
            checked_in_at: record.checked_in_at,
            checked_in_by: record.checked_in_by,
            checked_out_at: record.checked_out_at,
            checked_out_by: record.checked_out_by,
        }
    }
}

/// A change of a roster in force that planning again has to know of.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReplanEvent, example = json!({
    "id": "re-1", "kind": "decline", "schedule": "sc-1", "post": "po-1", "station": "st-1", "date": "2026-11-30",
    "startMinute": 540, "person": "p-1", "reason": "家人住院", "at": "2026-11-25T08:00:00Z"
}))]
pub struct ReplanEventDocument {
    id: String,
    /// `decline`, `claim`, `giveAway` or `swap`.
    kind: &'static str,
    schedule: String,
    post: String,
    station: String,
    date: NaiveDate,
    start_minute: u16,
    /// Who declined, or who stands there now.
    person: String,
    reason: Option<String>,
    at: DateTime<Utc>,
}

impl From<ReplanEvent> for ReplanEventDocument {
    fn from(event: ReplanEvent) -> Self {
        Self {
            id: event.id.to_string(),
            kind: event.kind.as_str(),
            schedule: event.schedule.to_string(),
            post: event.post.to_string(),
            station: event.station.to_string(),
            date: event.date,
            start_minute: event.start_minute,
            person: event.person.to_string(),
            reason: event.reason,
            at: event.at,
        }
    }
}

/// The schedule and the number of an assignment in a path.
pub(super) fn parts(path: &(String, String)) -> Result<(ScheduleId, i64), Problem> {
    let seq = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((path_id(&path.0)?, seq))
}

fn record(tx: &mut Tx<'_>, duty: &Assignment, now: DateTime<Utc>) -> DbResult<DutyRecord> {
    if let Some(record) = duties::find(tx, &duty.person, &duty.post)? {
        return Ok(record);
    }
    // A roster that was published before records were kept.
    let record = record_of(duty, now);
    duties::insert_many(tx, std::slice::from_ref(&record))?;
    Ok(record)
}

/// Confirms one of the author's duties.
#[utoipa::path(tag = "me", params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Confirmed", body = DutyDocument), ServiceErrors))]
#[post("/me/assignments/{id}/{assignment}/confirm")]
pub async fn confirm_duty(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DutyDocument>, Problem> {
    let person = acting_person(&who)?;
    let (schedule, seq) = parts(&path)?;
    let now = state.clock.now();
    let record = state
        .change(&who, move |tx| {
            let (_, duty) = own_duty(tx, &person, &schedule, seq, now)?;
            let mut record = record(tx, &duty, now)?;
            if record.confirmed_at.is_some() {
                tx.unchanged();
                return Ok(record);
            }
            record.confirmed_at = Some(now);
            duties::update(tx, &record)?;
            let place = placement::of_station(tx, &duty.station)?;
            tx.because("confirm", ("assignment", &format!("{schedule}/{seq}")), place, None);
            Ok(record)
        })
        .await?;
    Ok(web::Json(DutyDocument::from(record)))
}

/// Declines one of the author's duties: it falls open, its time counts as unavailable, and planning again knows of it.
#[utoipa::path(tag = "me", request_body = Reason, params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Declined", body = ReplanEventDocument), ServiceErrors))]
#[post("/me/assignments/{id}/{assignment}/decline")]
pub async fn decline_duty(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    body: Json<Reason>,
) -> Result<web::Json<ReplanEventDocument>, Problem> {
    let person = acting_person(&who)?;
    let (schedule, seq) = parts(&path)?;
    let reason = body.0.given()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let event = state
        .change(&who, move |tx| {
            let event = decline(tx, &person, &schedule, seq, &reason, At { now, entropy: &*entropy })?;
            let place = placement::of_station(tx, &event.station)?;
            tx.because("decline", ("assignment", &format!("{schedule}/{seq}")), place, Some(reason));
            Ok(event)
        })
        .await?;
    Ok(web::Json(ReplanEventDocument::from(event)))
}

/// Which end of a duty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    In,
    Out,
}

/// Says that service began or ended, within the unit's window around the plan unless a head says so.
fn check(
    tx: &mut Tx<'_>,
    duty: &Assignment,
    end: End,
    at: DateTime<Utc>,
    actor: &str,
    is_head: bool,
) -> DbResult<DutyRecord> {
    let unit = stations::get(tx, &duty.station)?.unit;
    let policy = policies::effective(tx, &unit)?;
    let (start, stop) = (local_minute(duty.date, duty.start_minute), local_minute(duty.date, duty.end_minute));
    let minutes = |minutes: u16| TimeDelta::minutes(i64::from(minutes));
    let (first, last) = match end {
        End::In => (start - minutes(policy.check_in_before_minutes), start + minutes(policy.check_in_after_minutes)),
        End::Out => (start, stop + minutes(policy.check_in_after_minutes)),
    };
    let time = local(at);
    let time_error = |detail: String| DbError::Conflict { kind: "assignment", reason: ConflictKind::Time, detail };
    if !is_head && !(first..=last).contains(&time) {
        let detail = format!("it is possible from {first} to {last}; afterwards the head of the station can do it");
        return Err(time_error(detail));
    }
    let mut record = record(tx, duty, at)?;
    match end {
        End::In => {
            record.checked_in_at = Some(at);
            record.checked_in_by = Some(actor.to_owned());
        }
        End::Out if record.checked_in_at.is_none_or(|begun| at < begun) => {
            return Err(time_error("service has not begun: check in first".to_owned()));
        }
        End::Out => {
            record.checked_out_at = Some(at);
            record.checked_out_by = Some(actor.to_owned());
        }
    }
    duties::update(tx, &record)?;
    Ok(record)
}

async fn check_own(
    state: &AppState,
    who: Who,
    path: &(String, String),
    end: End,
) -> Result<web::Json<DutyDocument>, Problem> {
    let person = acting_person(&who)?;
    let (schedule, seq) = parts(path)?;
    let (now, actor) = (state.clock.now(), who.actor.clone());
    let record = state
        .change(&who, move |tx| {
            let (_, duty) = own_assignment(tx, &person, &schedule, seq)?;
            let record = check(tx, &duty, end, now, &actor, false)?;
            let place = placement::of_station(tx, &duty.station)?;
            let action = if end == End::In { "checkIn" } else { "checkOut" };
            tx.because(action, ("assignment", &format!("{schedule}/{seq}")), place, None);
            Ok(record)
        })
        .await?;
    Ok(web::Json(DutyDocument::from(record)))
}

/// Checks the author in, around the start of the duty.
#[utoipa::path(tag = "me", params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Checked in", body = DutyDocument), ServiceErrors))]
#[post("/me/assignments/{id}/{assignment}/check-in")]
pub async fn check_in(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DutyDocument>, Problem> {
    check_own(&state, who, &path, End::In).await
}

/// Checks the author out, until shortly after the end of the duty.
#[utoipa::path(tag = "me", params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Checked out", body = DutyDocument), ServiceErrors))]
#[post("/me/assignments/{id}/{assignment}/check-out")]
pub async fn check_out(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DutyDocument>, Problem> {
    check_own(&state, who, &path, End::Out).await
}

/// When service began or ended, as the head of the station says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"at": "2026-11-30T01:00:00Z", "reason": "手机没电，现场签到"}))]
pub struct HeadCheck {
    /// When; now unless given, and never in the future.
    at: Option<DateTime<Utc>>,
    /// Why the person does not do it.
    reason: String,
}

async fn check_by_head(
    state: &AppState,
    who: Who,
    path: &(String, String),
    body: HeadCheck,
    end: End,
) -> Result<web::Json<DutyDocument>, Problem> {
    let (schedule, seq) = parts(path)?;
    let now = state.clock.now();
    let at = body.at.unwrap_or(now);
    let reason = Reason::of(body.reason).given()?;
    let author = who.clone();
    let record = state
        .change(&who, move |tx| {
            let stored = schedules::get(tx, &schedule)?;
            let duty = assignments::get(tx, &schedule, seq)?;
            let place = placement::of_station(tx, &duty.station)?;
            let subject = format!("{schedule}/{seq}");
            let place = allow(&author, place, "assignment", &subject)?;
            if stored.status != ScheduleStatus::Published {
                return Err(DbError::Conflict {
                    kind: "assignment",
                    reason: ConflictKind::State,
                    detail: "its roster is not in force".to_owned(),
                });
            }
            if at > now {
                return Err(DbError::Conflict {
                    kind: "assignment",
                    reason: ConflictKind::Time,
                    detail: "the time lies in the future".to_owned(),
                });
            }
            let record = check(tx, &duty, end, at, &author.actor, true)?;
            let action = if end == End::In { "checkIn" } else { "checkOut" };
            tx.because(action, ("assignment", &subject), place, Some(reason));
            Ok(record)
        })
        .await?;
    Ok(web::Json(DutyDocument::from(record)))
}

/// Checks somebody in, by the head of the station or a coordinator, for a reason that is kept.
#[utoipa::path(tag = "service", request_body = HeadCheck, params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Checked in", body = DutyDocument), ServiceErrors))]
#[post("/schedules/{id}/assignments/{assignment}/check-in")]
pub async fn check_in_by_head(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    body: Json<HeadCheck>,
) -> Result<web::Json<DutyDocument>, Problem> {
    check_by_head(&state, who, &path, body.0, End::In).await
}

/// Checks somebody out, by the head of the station or a coordinator, for a reason that is kept.
#[utoipa::path(tag = "service", request_body = HeadCheck, params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
), responses((status = 200, description = "Checked out", body = DutyDocument), ServiceErrors))]
#[post("/schedules/{id}/assignments/{assignment}/check-out")]
pub async fn check_out_by_head(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    body: Json<HeadCheck>,
) -> Result<web::Json<DutyDocument>, Problem> {
    check_by_head(&state, who, &path, body.0, End::Out).await
}
