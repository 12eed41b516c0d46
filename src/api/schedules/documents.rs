//! Schedules and runs as JSON documents.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Job, JobStatus, Schedule};
use crate::planning::iso_week::format_week;
use crate::planning::progress::Board;

/// The plan of a unit's week, and its latest run.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Schedule, example = json!({
    "id": "sc-1", "unit": "220102001000", "week": "2026-W49", "weekStart": "2026-11-30", "days": 7, "status": "planned",
    "profile": "pr-1", "profileVersion": 1, "acceptDraftCalendar": false, "seed": 1, "timeLimitSeconds": 60, "threads": 2,
    "inputHash": "9f86d0…", "outcome": "feasible", "createdAt": "2026-11-23T08:00:00Z",
    "plannedAt": "2026-11-23T08:01:00Z", "publishedAt": null, "version": 2,
    "run": {"id": "jo-1", "kind": "plan", "status": "done", "phase": "done", "partsDone": 12, "parts": 12,
        "incumbent": [0, 120, 4000], "bound": [0, 120, 3990], "stopRequested": false, "attempts": 1, "errorCode": null,
        "errorDetail": null, "createdAt": "2026-11-23T08:00:00Z", "startedAt": "2026-11-23T08:00:00Z",
        "finishedAt": "2026-11-23T08:01:00Z"}
}))]
pub struct ScheduleDocument {
    /// Id.
    pub id: String,
    /// Code of the unit whose subtree is planned.
    pub unit: String,
    /// ISO week.
    pub week: String,
    /// Its Monday.
    pub week_start: NaiveDate,
    /// Number of days.
    pub days: u16,
    /// `draft` (no roster yet), `planned`, `published` or `superseded`.
    pub status: &'static str,
    /// Id of the constraint profile.
    pub profile: String,
    /// Version of the profile's settings.
    pub profile_version: u32,
    /// Planned even though no statutory calendar is published.
    pub accept_draft_calendar: bool,
    /// Seed of the solver.
    pub seed: i64,
    /// Time limit of the solver.
    pub time_limit_seconds: u32,
    /// Threads of the solver.
    pub threads: u16,
    /// SHA-256 of the problem that the roster solves.
    pub input_hash: Option<String>,
    /// How the solve ended: `optimal`, `feasible` or `stopped`.
    pub outcome: Option<&'static str>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its roster was stored.
    pub planned_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts the changes, as in the `ETag`.
    pub version: i64,
    /// The latest run.
    pub run: Option<RunDocument>,
}

/// One run of the planner.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Run)]
pub struct RunDocument {
    /// Id.
    pub id: String,
    /// `plan` or `replan`.
    pub kind: &'static str,
    /// `queued`, `running`, `done`, `stopped` or `failed`.
    pub status: &'static str,
    /// Where the solve stands.
    pub phase: String,
    /// Parts finished.
    pub parts_done: u32,
    /// Parts in all.
    pub parts: u32,
    /// Best values of tiers 1 to 3 so far.
    pub incumbent: Option<[i64; 3]>,
    /// Proven bounds of tiers 1 to 3 so far.
    pub bound: Option<[i64; 3]>,
    /// Somebody asked to stop and keep the best.
    pub stop_requested: bool,
    /// How often a worker has taken it.
    pub attempts: u16,
    /// Code of the error that it failed with.
    pub error_code: Option<String>,
    /// The error in words.
    pub error_detail: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When a worker last took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

impl ScheduleDocument {
    /// The document of a schedule and its latest run.
    #[must_use]
    pub fn new(schedule: Schedule, job: Option<Job>) -> Self {
        Self {
            id: schedule.id.to_string(),
            unit: schedule.unit.to_string(),
            week: format_week(schedule.week_start),
            week_start: schedule.week_start,
            days: schedule.days,
            status: schedule.status.as_str(),
            profile: schedule.profile.to_string(),
            profile_version: schedule.profile_version,
            accept_draft_calendar: schedule.accept_draft_calendar,
            seed: schedule.seed,
            time_limit_seconds: schedule.time_limit_seconds,
            threads: schedule.threads,
            input_hash: schedule.input_hash,
            outcome: schedule.outcome.map(crate::domain::OutcomeStatus::as_str),
            created_at: schedule.created_at,
            planned_at: schedule.planned_at,
            published_at: schedule.published_at,
            version: schedule.version,
            run: job.map(RunDocument::from),
        }
    }

    /// Puts in what this process knows of a running solve and the database does not yet.
    pub fn freshen(&mut self, board: &Board) {
        if let Some(run) = &mut self.run {
            run.freshen(board);
        }
    }
}

impl RunDocument {
    /// Puts in what this process knows of the running solve and the database does not yet.
    pub fn freshen(&mut self, board: &Board) {
        let latest = crate::domain::JobId::parse(&self.id).ok().and_then(|id| board.get(&id));
        if let Some(latest) = latest.filter(|_| self.status == JobStatus::Running.as_str()) {
            self.phase = latest.phase;
            self.parts_done = latest.parts_done;
            self.parts = latest.parts;
            self.incumbent = latest.incumbent.map(|values| values.0);
            self.bound = latest.bound.map(|values| values.0);
        }
    }
}

impl From<Job> for RunDocument {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.to_string(),
            kind: job.kind.as_str(),
            status: job.status.as_str(),
            phase: job.phase,
            parts_done: job.parts_done,
            parts: job.parts,
            incumbent: job.incumbent.map(|values| values.0),
            bound: job.bound.map(|values| values.0),
            stop_requested: job.stop_requested,
            attempts: job.attempts,
            error_code: job.error_code,
            error_detail: job.error_detail,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}
