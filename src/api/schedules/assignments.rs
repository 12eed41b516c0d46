//! Assignments of a schedule, by station and by person; pins; and a person's own duties.

use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::roster::ready;
use super::schedule_for;
use crate::api::access::guard::allow;
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::openapi::{PinErrors, RosterErrors, SubListErrors};
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::resources::query::list_query;
use crate::api::resources::{FromQuery, expected, path_id, query_problem};
use crate::api::state::AppState;
use crate::db::assignments::{self, AssignmentFilter, MyDuty};
use crate::db::{Connection, DbResult, people, placement};
use crate::domain::{Assignment, PersonId, ScheduleId, Visible, Who};

/// A person at a post.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Assignment, example = json!({
    "id": 17, "schedule": "sc-1", "person": "p-1", "post": "po-1", "station": "st-1", "date": "2026-11-30",
    "startMinute": 510, "endMinute": 720, "pinned": false, "source": "solver", "version": 1
}))]
pub struct AssignmentDocument {
    /// Number within the schedule.
    pub id: i64,
    /// Id of the schedule.
    pub schedule: String,
    /// Id of the person.
    pub person: String,
    /// Id of the post.
    pub post: String,
    /// Id of the station.
    pub station: String,
    /// Date.
    pub date: NaiveDate,
    /// First minute of the date.
    pub start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    pub end_minute: u16,
    /// Stays when the week is planned again.
    pub pinned: bool,
    /// `solver`, `manual` or `import`.
    pub source: &'static str,
    /// Counts the edits, as in the `ETag`.
    pub version: i64,
}

impl AssignmentDocument {
    /// By date, time, post and number.
    #[must_use]
    pub fn order(&self) -> (NaiveDate, u16, &str, i64) {
        (self.date, self.start_minute, &self.post, self.id)
    }
}

impl From<Assignment> for AssignmentDocument {
    fn from(assignment: Assignment) -> Self {
        Self {
            id: assignment.seq,
            schedule: assignment.schedule.to_string(),
            person: assignment.person.to_string(),
            post: assignment.post.to_string(),
            station: assignment.station.to_string(),
            date: assignment.date,
            start_minute: assignment.start_minute,
            end_minute: assignment.end_minute,
            pinned: assignment.pinned,
            source: assignment.source.as_str(),
            version: assignment.version,
        }
    }
}

list_query! {
    AssignmentQuery fills AssignmentFilter {
        /// Only this station.
        station => station,
        /// Only this person.
        person => person,
        /// Only this date.
        date => date,
        /// `true` for pinned ones only, `false` for the others.
        pinned => pinned,
    }
}

/// Lists a schedule's assignments, of all or of one station or person.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id of the schedule"), AssignmentQuery),
    responses((status = 200, description = "One page", body = Page<AssignmentDocument>), RosterErrors))]
#[get("/schedules/{id}/assignments")]
pub async fn list_assignments(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<AssignmentQuery>,
) -> Result<web::Json<Page<AssignmentDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let (schedule, slice) = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            Ok((schedule, assignments::list(conn, &id, &filter, &page)?))
        })
        .await?;
    ready(&schedule)?;
    let items = slice.items.into_iter().map(AssignmentDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Pins an assignment: it stays when the week is planned again.
#[utoipa::path(tag = "planning", params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Id of the assignment"),
    ("If-Match" = String, Header, description = "Version of the assignment as an ETag", example = "\"1\""),
), responses((status = 200, description = "Pinned", body = AssignmentDocument,
    headers(("ETag" = String, description = "The new version"))), PinErrors))]
#[put("/schedules/{id}/assignments/{assignment}/pin")]
pub async fn pin_assignment(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    set_pin(&state, who, &path, if_match, true).await
}

/// Takes the pin off an assignment.
#[utoipa::path(tag = "planning", params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Id of the assignment"),
    ("If-Match" = String, Header, description = "Version of the assignment as an ETag", example = "\"1\""),
), responses((status = 200, description = "No longer pinned", body = AssignmentDocument,
    headers(("ETag" = String, description = "The new version"))), PinErrors))]
#[delete("/schedules/{id}/assignments/{assignment}/pin")]
pub async fn unpin_assignment(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    set_pin(&state, who, &path, if_match, false).await
}

async fn set_pin(
    state: &AppState,
    who: Who,
    path: &(String, String),
    if_match: IfMatch,
    pinned: bool,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&path.0)?;
    let seq: i64 = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let author = who.clone();
    let stored = state
        .change(&who, move |tx| {
            let (_, path) = schedule_for(&author, tx, &id)?;
            let before = assignments::get(tx, &id, seq)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            assignments::update(tx, &Assignment { pinned, version, ..before.clone() })?;
            let after = assignments::get(tx, &id, seq)?;
            let subject = format!("{id}/{seq}");
            let documents = (AssignmentDocument::from(before), AssignmentDocument::from(after.clone()));
            let action = if pinned { "pin" } else { "unpin" };
            tx.did(action, ("assignment", &subject), path, Some(&documents.0), Some(&documents.1));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(stored.version)).json(AssignmentDocument::from(stored)))
}

/// A duty as its person sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "schedule": "sc-1", "assignment": 17, "post": "po-1", "station": "st-1", "stationName": "桃源社区服务民生工作站",
    "date": "2026-11-30", "startMinute": 510, "endMinute": 720, "shiftType": "morning", "skill": null,
    "confirmedAt": null, "checkedInAt": null, "checkedOutAt": null
}))]
pub struct MyAssignment {
    /// Id of the schedule.
    schedule: String,
    /// Number within the schedule.
    assignment: i64,
    /// Id of the post.
    post: String,
    /// Id of the station.
    station: String,
    /// Name of the station.
    station_name: String,
    /// Date.
    date: NaiveDate,
    /// First minute of the date.
    start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    end_minute: u16,
    /// Id of the kind of shift.
    shift_type: Option<String>,
    /// Id of the required skill.
    skill: Option<String>,
    /// When the person confirmed it.
    confirmed_at: Option<DateTime<Utc>>,
    /// When service began.
    checked_in_at: Option<DateTime<Utc>>,
    /// When service ended.
    checked_out_at: Option<DateTime<Utc>>,
}

impl From<MyDuty> for MyAssignment {
    fn from(duty: MyDuty) -> Self {
        Self {
            schedule: duty.assignment.schedule.to_string(),
            assignment: duty.assignment.seq,
            post: duty.assignment.post.to_string(),
            station: duty.assignment.station.to_string(),
            station_name: duty.station_name,
            date: duty.assignment.date,
            start_minute: duty.assignment.start_minute,
            end_minute: duty.assignment.end_minute,
            shift_type: duty.shift_type,
            skill: duty.skill,
            confirmed_at: duty.confirmed_at,
            checked_in_at: duty.checked_in_at,
            checked_out_at: duty.checked_out_at,
        }
    }
}

/// Which of a person's duties.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MyQuery {
    /// First date; today unless given.
    from: Option<String>,
    /// Last date; 27 days after the first unless given, and at most 92.
    to: Option<String>,
}

/// Longest stretch that one answer covers, in days.
const MAX_DAYS: i64 = 92;

/// Answers a person's duties in published rosters, by date and time.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id of the person"), MyQuery), responses(
    (status = 200, description = "Duties", body = Vec<MyAssignment>), SubListErrors,
))]
#[get("/people/{id}/assignments")]
pub async fn list_my_assignments(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<MyQuery>,
) -> Result<web::Json<Vec<MyAssignment>>, Problem> {
    let person: PersonId = path_id(&id)?;
    duties_of(&state, person, query.into_inner(), move |conn, person| {
        // Who sees everything needs no look at where the person belongs.
        if who.visible() == Visible::Everything {
            return Ok(());
        }
        let path = placement::of_person(conn, person)?;
        allow(&who, path, "person", person.as_str()).map(drop)
    })
    .await
}

/// A person's duties in published rosters, if `check` lets the author see them.
///
/// # Errors
/// `invalid-query`, and those of `check`.
pub async fn duties_of(
    state: &AppState,
    person: PersonId,
    query: MyQuery,
    check: impl FnOnce(&mut Connection, &PersonId) -> DbResult<()> + Send + 'static,
) -> Result<web::Json<Vec<MyAssignment>>, Problem> {
    let from = match query.from {
        Some(text) => NaiveDate::from_query(text, "from")?,
        None => state.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive(),
    };
    let to = match query.to {
        Some(text) => NaiveDate::from_query(text, "to")?,
        None => from.checked_add_days(Days::new(27)).unwrap_or(from),
    };
    if !(0..MAX_DAYS).contains(&(to - from).num_days()) {
        return Err(query_problem("to", "it lies before `from` or more than 92 days after", "ask for 1 to 92 days"));
    }
    let duties = state
        .read(move |conn| {
            check(conn, &person)?;
            let duties = assignments::mine(conn, &person, from, to)?;
            // Only an empty answer needs the second look: nobody, or nothing to do?
            if duties.is_empty() {
                people::get(conn, &person)?;
            }
            Ok(duties)
        })
        .await?;
    Ok(web::Json(duties.into_iter().map(MyAssignment::from).collect()))
}
