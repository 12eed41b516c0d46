//! What a planned schedule carries: its proof, its unmet needs, and the roster of a unit's week.

use std::collections::{BTreeMap, HashMap, HashSet};

use actix_web::{HttpRequest, get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::assignments::AssignmentDocument;
use super::cases::PlannedCaseDocument;
use super::documents::ScheduleDocument;
use super::schedule_for;
use crate::api::access::guard::allow;
use crate::api::lang::Lang;
use crate::api::openapi::RosterErrors;
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::resources::path_id;
use crate::api::resources::query::list_query;
use crate::api::state::AppState;
use crate::db::schedules::ScheduleFilter;
use crate::db::{
    Connection, DbResult, Slice, assignments, jobs, placement, planned_cases, results, schedules, stations, units,
};
use crate::domain::{Assignment, Schedule, ScheduleId, ScheduleStatus, StationId, TierRow, UnitId, UnmetNeed, Who};
use crate::planning::iso_week::parse_week;

/// Value and proof of one tier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tier)]
pub struct TierDocument {
    /// 1 to 3.
    tier: u8,
    /// Cost of the roster.
    value: i64,
    /// Proven lower bound.
    bound: i64,
    /// `(value - bound) / |value|`.
    gap: f64,
    /// How the bound was obtained.
    method: String,
    /// Seconds spent on the tier, summed over threads.
    seconds: f64,
}

impl From<TierRow> for TierDocument {
    fn from(row: TierRow) -> Self {
        Self {
            tier: row.tier,
            value: row.value,
            bound: row.bound,
            gap: row.gap,
            method: row.method,
            seconds: row.seconds,
        }
    }
}

/// The proof of a roster's quality, and what is needed to make the roster again.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Certificate, example = json!({
    "schedule": "sc-1", "outcome": "feasible", "tiers": [{"tier": 1, "value": 300, "bound": 300, "gap": 0.0,
    "method": "LP relaxation", "seconds": 1.5}], "rules": {"S10": 300, "S32": 1200},
    "solver": {"inputHash": "9f86d0…", "seed": 1, "threads": 2, "timeLimitSeconds": 60.0, "parts": 12, "seconds": 8.2}
}))]
pub struct CertificateDocument {
    /// Id of the schedule.
    schedule: String,
    /// How the solve ended.
    outcome: Option<&'static str>,
    /// Proof for each tier, tier 1 first.
    tiers: Vec<TierDocument>,
    /// Cost of each soft rule that costs anything.
    rules: BTreeMap<String, i64>,
    /// Input hash, profile version, seed, limits and versions, as the solver gave them.
    #[schema(value_type = Object)]
    solver: serde_json::Value,
}

/// A post left below its minimum, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Unmet, example = json!({
    "post": "po-1", "station": "st-1", "date": "2026-12-05", "missing": 1, "stoppedBy": {"H02": 12, "H03": 40},
    "busyElsewhere": 3, "reason": "缺1人：12人不可用或请假（H02），40人不具备所需技能（H03），3人可以但须在别处值班。"
}))]
pub struct UnmetDocument {
    /// Id of the post.
    post: String,
    /// Id of its station.
    station: String,
    /// Its date.
    date: NaiveDate,
    /// Heads missing from the minimum.
    missing: u16,
    /// How many people each rule stops first.
    stopped_by: BTreeMap<String, u32>,
    /// People whom no rule stops but who are needed elsewhere.
    busy_elsewhere: u32,
    /// The reason in the reader's language.
    reason: String,
}

impl UnmetDocument {
    fn new(need: UnmetNeed, lang: Lang) -> Self {
        Self {
            stopped_by: serde_json::from_str(&need.stopped_by).unwrap_or_default(),
            reason: lang.pick(need.reason_zh, need.reason_en),
            post: need.post.to_string(),
            station: need.station.to_string(),
            date: need.date,
            missing: need.missing,
            busy_elsewhere: need.busy_elsewhere,
        }
    }
}

/// Refuses a schedule that has no roster yet.
///
/// # Errors
/// `not-ready`.
pub fn ready(schedule: &Schedule) -> Result<(), Problem> {
    if schedule.status == ScheduleStatus::Draft {
        return Err(Problem::new(Code::NotReady)
            .detail("等任务结束，或先停止任务", "wait for the run to end, or stop it; see the schedule's run"));
    }
    Ok(())
}

/// A page of what a schedule decides, once it has a roster: `list` reads it, and each item becomes a document.
///
/// # Errors
/// `not-found` outside the author's subtrees, `not-ready`, and those of `list`.
pub(super) async fn decided<T: Send + 'static, D>(
    request: &HttpRequest,
    state: &AppState,
    who: Who,
    id: ScheduleId,
    list: impl FnOnce(&mut Connection, &ScheduleId) -> DbResult<Slice<T>> + Send + 'static,
    document: impl FnMut(T) -> D,
) -> Result<web::Json<Page<D>>, Problem> {
    let (schedule, slice) = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            Ok((schedule, list(conn, &id)?))
        })
        .await?;
    ready(&schedule)?;
    let items = slice.items.into_iter().map(document).collect();
    Ok(web::Json(Page::new(request, items, slice.next.as_deref())))
}

/// Answers the proof of a schedule's roster.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Proof", body = CertificateDocument), RosterErrors,
))]
#[get("/schedules/{id}/certificate")]
pub async fn get_certificate(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<CertificateDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (schedule, tiers, rules) = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            Ok((schedule, results::tiers(conn, &id)?, results::rules(conn, &id)?))
        })
        .await?;
    ready(&schedule)?;
    let kept: serde_json::Value =
        serde_json::from_str(schedule.certificate.as_deref().unwrap_or("null")).map_err(Problem::internal)?;
    Ok(web::Json(CertificateDocument {
        schedule: schedule.id.to_string(),
        outcome: schedule.outcome.map(crate::domain::OutcomeStatus::as_str),
        tiers: tiers.into_iter().map(TierDocument::from).collect(),
        rules: rules.into_iter().collect(),
        solver: kept.get("certificate").cloned().unwrap_or_default(),
    }))
}

/// Which unmet needs.
#[derive(Debug, Clone, Default)]
pub struct UnmetFilter {
    station: Option<StationId>,
}

list_query! {
    UnmetQuery fills UnmetFilter {
        /// Only this station.
        station => station,
    }
}

/// Lists the posts left below their minimum, each with its reason in words.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), UnmetQuery), responses(
    (status = 200, description = "One page", body = Page<UnmetDocument>), RosterErrors,
))]
#[get("/schedules/{id}/unmet")]
pub async fn list_unmet(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<UnmetQuery>,
    lang: Lang,
) -> Result<web::Json<Page<UnmetDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (filter, page) = query.into_inner().filter()?;
    let list = move |conn: &mut _, id: &_| results::unmet(conn, id, filter.station.as_ref(), &page);
    decided(&request, &state, who, id, list, |need| UnmetDocument::new(need, lang)).await
}

/// The roster of one station.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StationRoster {
    /// Id of the station.
    station: String,
    /// Its name.
    name: String,
    /// Its assignments, by date and time.
    assignments: Vec<AssignmentDocument>,
}

/// The roster of a unit's week.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"schedule": {"id": "sc-1", "unit": "220102001000", "week": "2026-W49"}, "stations": [], "cases": []}))]
pub struct WeekRoster {
    /// The schedule that it comes from.
    schedule: ScheduleDocument,
    /// Stations of the unit's subtree with assignments, by id.
    stations: Vec<StationRoster>,
    /// What the schedule decides about cases of the unit's subtree, by case.
    cases: Vec<PlannedCaseDocument>,
}

/// Answers the roster of a unit's week: of the published schedule that covers the unit, or else the latest planned one.
#[utoipa::path(tag = "planning", params(
    ("unit" = String, Path, description = "Code of the unit"),
    ("week" = String, Path, description = "Week, as 2026-W49 or the date of a day in it"),
), responses((status = 200, description = "Roster", body = WeekRoster), RosterErrors))]
#[get("/rosters/{unit}/{week}.json")]
pub async fn get_week_roster(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    lang: Lang,
) -> Result<web::Json<WeekRoster>, Problem> {
    let unit: UnitId = path_id(&path.0)?;
    let week_start = parse_week(&path.1).ok_or_else(|| Problem::new(Code::NotFound))?;
    let roster = state
        .read(move |conn| {
            let Some((schedule, names, duties)) = week_of(conn, &who, &unit, week_start)? else { return Ok(None) };
            let mut by_station: HashMap<String, Vec<AssignmentDocument>> = HashMap::new();
            for duty in duties {
                by_station.entry(duty.station.to_string()).or_default().push(AssignmentDocument::from(duty));
            }
            let stations = names
                .into_iter()
                .filter_map(|(station, name)| {
                    let mut assignments = by_station.remove(&station)?;
                    assignments.sort_by(|left, right| left.order().cmp(&right.order()));
                    Some(StationRoster { station, name, assignments })
                })
                .collect();
            let job = jobs::latest(conn, &schedule.id)?;
            let inside: HashSet<UnitId> = units::within(conn, &unit)?.into_iter().map(|unit| unit.id).collect();
            let mut planned = planned_cases::of_schedule(conn, &schedule.id)?;
            planned.retain(|case| inside.contains(&case.unit));
            let cases = planned.into_iter().map(|case| PlannedCaseDocument::new(case, lang)).collect();
            Ok(Some(WeekRoster { schedule: ScheduleDocument::new(schedule, job), stations, cases }))
        })
        .await?;
    roster.map(web::Json).ok_or_else(|| {
        Problem::new(Code::NotFound).detail("该周尚无班表；先排班", "the week has no roster; plan it first")
    })
}

/// A unit's week: its schedule, its stations' names by id, and its duties.
pub type UnitWeek = (Schedule, BTreeMap<String, String>, Vec<Assignment>);

/// The roster of a unit's week, if there is one: of the published schedule that covers the unit, or else the latest
/// planned one. Duties are sorted by date, time, post and number.
///
/// # Errors
/// Not found outside the author's subtrees.
pub fn week_of(conn: &mut Connection, who: &Who, unit: &UnitId, week_start: NaiveDate) -> DbResult<Option<UnitWeek>> {
    let path = placement::of_unit(conn, unit)?;
    allow(who, path, "unit", unit.as_str())?;
    let mut covering = units::ancestors(conn, unit)?;
    covering.push(unit.clone());
    // The unit's own schedule comes before those of the units above it.
    let mut best: Option<Schedule> = None;
    for status in [ScheduleStatus::Published, ScheduleStatus::Planned] {
        for root in covering.iter().rev() {
            let filter = ScheduleFilter {
                unit: Some(root.clone()),
                week_start: Some(week_start),
                status: Some(status),
                ..ScheduleFilter::default()
            };
            let page = crate::db::Page::first(crate::db::MAX_PAGE);
            best = best.or(schedules::list(conn, &filter, &page)?.items.pop());
        }
    }
    let Some(schedule) = best else { return Ok(None) };
    let filter = stations::StationFilter { subtree: Some(unit.clone()), ..Default::default() };
    let mut page = crate::db::Page::first(crate::db::MAX_PAGE);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let slice = stations::list(conn, &filter, &page)?;
        names.extend(slice.items.into_iter().map(|station| (station.id.to_string(), station.name)));
        match slice.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut duties = assignments::of_schedule(conn, &schedule.id)?;
    duties.retain(|duty| names.contains_key(duty.station.as_str()));
    duties.sort_by(|one, other| {
        (one.date, one.start_minute, &one.post, one.seq).cmp(&(other.date, other.start_minute, &other.post, other.seq))
    });
    Ok(Some((schedule, names, duties)))
}
