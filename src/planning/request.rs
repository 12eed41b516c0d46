//! Asking for a plan: the schedule and its job, in one transaction.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::db::profiles::ProfileFilter;
use crate::db::{ConflictKind, DbError, DbResult, Page, Tx, calendar, jobs, profiles, schedules, units};
use crate::domain::{
    ConstraintProfile, Entropy, Job, JobId, JobKind, JobStatus, ProfileId, Schedule, ScheduleId, ScheduleStatus, UnitId,
};

/// What a coordinator asks for.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// Root of the subtree to plan.
    pub unit: UnitId,
    /// Monday of the week.
    pub week_start: NaiveDate,
    /// Time limit of the solver in seconds.
    pub time_limit_seconds: u32,
    /// Threads of the solver.
    pub threads: u16,
    /// Seed of the solver.
    pub seed: i64,
    /// Constraint profile; the first one by id when left out, made from the catalogue when there is none.
    pub profile: Option<ProfileId>,
    /// Plan even though the statutory calendar is not published.
    pub accept_draft_calendar: bool,
}

/// Why no plan can be asked for.
#[derive(Debug)]
pub enum PlanRefusal {
    /// These years have no published calendar.
    NoCalendar(Vec<i32>),
    /// So many jobs wait already.
    QueueFull(usize),
    /// The schedule has a run that has not ended.
    StillRunning,
    /// The database refuses.
    Database(DbError),
}

impl From<DbError> for PlanRefusal {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Days of a week.
const DAYS: u16 = 7;

/// Stores a schedule and its waiting job.
///
/// # Errors
/// [`PlanRefusal`]; then nothing is stored.
pub fn request_plan(
    tx: &mut Tx<'_>,
    request: &PlanRequest,
    queue_limit: usize,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(Schedule, Job), PlanRefusal> {
    units::get(tx, &request.unit).map_err(missing)?;
    let profile = match &request.profile {
        Some(id) => profiles::get(tx, id).map_err(missing)?,
        None => default_profile(tx, now, entropy)?,
    };
    check_calendar(tx, request)?;
    check_room(tx, queue_limit)?;
    let schedule = Schedule {
        id: ScheduleId::fresh(now, entropy),
        unit: request.unit.clone(),
        week_start: request.week_start,
        days: DAYS,
        status: ScheduleStatus::Draft,
        profile: profile.id,
        profile_version: profile.latest,
        accept_draft_calendar: request.accept_draft_calendar,
        seed: request.seed,
        time_limit_seconds: request.time_limit_seconds,
        threads: request.threads,
        input_hash: None,
        outcome: None,
        certificate: None,
        created_at: now,
        planned_at: None,
        published_at: None,
        version: 1,
    };
    schedules::insert(tx, &schedule)?;
    let job = Job::queued(JobId::fresh(now, entropy), schedule.id.clone(), JobKind::Plan, now);
    jobs::insert(tx, &job)?;
    Ok((schedule, job))
}

/// Queues another run for a schedule; pinned assignments stay.
///
/// # Errors
/// [`PlanRefusal`]; then nothing is stored.
pub fn request_replan(
    tx: &mut Tx<'_>,
    id: &ScheduleId,
    queue_limit: usize,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(Schedule, Job), PlanRefusal> {
    let schedule = schedules::get(tx, id)?;
    if !matches!(schedule.status, ScheduleStatus::Draft | ScheduleStatus::Planned) {
        let detail = format!("it is {}; plan the week again as a new schedule", schedule.status);
        return Err(PlanRefusal::Database(DbError::conflict("schedule", ConflictKind::State, detail)));
    }
    if jobs::latest(tx, id)?.is_some_and(|job| !job.status.is_final()) {
        return Err(PlanRefusal::StillRunning);
    }
    check_room(tx, queue_limit)?;
    let job = Job::queued(JobId::fresh(now, entropy), id.clone(), JobKind::Replan, now);
    jobs::insert(tx, &job)?;
    Ok((schedule, job))
}

/// In a request, what does not exist is a wrong reference and not a missing resource.
fn missing(error: DbError) -> DbError {
    match error {
        DbError::NotFound { kind, id } => {
            DbError::conflict(kind, ConflictKind::MissingReference, format!("there is no {kind} {id}"))
        }
        other => other,
    }
}

fn default_profile(tx: &mut Tx<'_>, now: DateTime<Utc>, entropy: &dyn Entropy) -> DbResult<ConstraintProfile> {
    let first = profiles::list(tx, &ProfileFilter::default(), &Page::first(1))?.items.into_iter().next();
    if let Some(profile) = first {
        return Ok(profile);
    }
    let profile = ConstraintProfile {
        id: ProfileId::fresh(now, entropy),
        name: "默认".to_owned(),
        unit: None,
        latest: 1,
        version: 1,
    };
    profiles::create(tx, &profile, "{}", Some("规则目录的默认值 / defaults of the catalogue"), now)?;
    Ok(profile)
}

fn check_calendar(tx: &mut Tx<'_>, request: &PlanRequest) -> Result<(), PlanRefusal> {
    if request.accept_draft_calendar {
        return Ok(());
    }
    let last = request.week_start.checked_add_days(Days::new(u64::from(DAYS) - 1)).unwrap_or(request.week_start);
    let mut lacking = Vec::new();
    for year in request.week_start.year()..=last.year() {
        match calendar::get(tx, year) {
            Ok(calendar) if calendar.published => {}
            Ok(_) | Err(DbError::NotFound { .. }) => lacking.push(year),
            Err(error) => return Err(error.into()),
        }
    }
    if lacking.is_empty() { Ok(()) } else { Err(PlanRefusal::NoCalendar(lacking)) }
}

fn check_room(tx: &mut Tx<'_>, queue_limit: usize) -> Result<(), PlanRefusal> {
    let filter = jobs::JobFilter { schedule: None, status: Some(JobStatus::Queued) };
    let page = Page::first(u16::try_from(queue_limit).unwrap_or(u16::MAX));
    let waiting = jobs::list(tx, &filter, &page)?.items.len();
    if waiting >= queue_limit { Err(PlanRefusal::QueueFull(waiting)) } else { Ok(()) }
}
