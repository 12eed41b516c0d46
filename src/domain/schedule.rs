//! Schedules, the jobs that make them, and what they hold.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::fault::{Check, Fault, check_text};
use super::ids::{JobId, PersonId, PostId, ProfileId, ScheduleId, StationId, UnitId};
use super::text_enum;

text_enum! {
    /// Where a schedule stands.
    ScheduleStatus {
        /// Asked for; no roster yet.
        Draft = "draft",
        /// It has a roster that nobody is bound by.
        Planned = "planned",
        /// Its roster is in force.
        Published = "published",
        /// A later schedule of the same unit and week has taken its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// How a solve ended.
    OutcomeStatus {
        /// Proven optimal in every tier.
        Optimal = "optimal",
        /// Ended by itself with a gap.
        Feasible = "feasible",
        /// Ended by a stop or the time limit.
        Stopped = "stopped",
    }
}

/// The plan of a unit subtree's week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Id.
    pub id: ScheduleId,
    /// Root of the subtree that is planned.
    pub unit: UnitId,
    /// First day, a Monday.
    pub week_start: NaiveDate,
    /// Number of days, 7 for a week.
    pub days: u16,
    /// Where it stands.
    pub status: ScheduleStatus,
    /// Constraint profile.
    pub profile: ProfileId,
    /// Version of the profile.
    pub profile_version: u32,
    /// Plan even though the statutory calendar is not published.
    pub accept_draft_calendar: bool,
    /// Seed of the solver.
    pub seed: i64,
    /// Time limit of the solver in seconds.
    pub time_limit_seconds: u32,
    /// Threads of the solver.
    pub threads: u16,
    /// Hash of the problem that the roster solves.
    pub input_hash: Option<String>,
    /// How the solve ended.
    pub outcome: Option<OutcomeStatus>,
    /// The whole certificate, JSON.
    pub certificate: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When the roster was stored.
    pub planned_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts the edits, from 1.
    pub version: i64,
}

/// Longest time limit of a solve: a day.
const MAX_TIME_LIMIT_SECONDS: u32 = 86_400;

impl Check for Schedule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.week_start.weekday() != chrono::Weekday::Mon {
            faults.push(Fault::new(
                "week-start-not-monday",
                "/weekStart",
                format!("{} is not a Monday", self.week_start),
                "give the date of the week's Monday",
            ));
        }
        if !(1..=28).contains(&self.days) {
            faults.push(Fault::new(
                "impossible-days",
                "/days",
                format!("{} days cannot be planned", self.days),
                "plan 7 days, or up to 28",
            ));
        }
        if !(1..=MAX_TIME_LIMIT_SECONDS).contains(&self.time_limit_seconds) {
            faults.push(Fault::new(
                "impossible-time-limit",
                "/timeLimitSeconds",
                format!("{} seconds is no time limit", self.time_limit_seconds),
                "give 1 to 86400 seconds",
            ));
        }
        if !(1..=256).contains(&self.threads) {
            faults.push(Fault::new("impossible-threads", "/threads", "no such number of threads", "give 1 to 256"));
        }
        faults
    }
}

text_enum! {
    /// What a job does.
    JobKind {
        /// Plans a week.
        Plan = "plan",
        /// Plans again with the least change from the published roster.
        Replan = "replan",
    }
}

text_enum! {
    /// Where a job stands.
    JobStatus {
        /// Waits for a worker.
        Queued = "queued",
        /// A worker is at it.
        Running = "running",
        /// It has stored its result.
        Done = "done",
        /// It was stopped and has stored the best roster it had, if any.
        Stopped = "stopped",
        /// It failed; see the error.
        Failed = "failed",
    }
}

impl JobStatus {
    /// Whether the job will not change any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Stopped | Self::Failed)
    }
}

/// Values of tiers 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierTriple(pub [i64; 3]);

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobProgress {
    /// Phase in kebab-case.
    pub phase: String,
    /// Parts finished.
    pub parts_done: u32,
    /// Parts in all.
    pub parts: u32,
    /// Best values so far.
    pub incumbent: Option<TierTriple>,
    /// Proven bounds so far.
    pub bound: Option<TierTriple>,
    /// How it came there.
    pub trail: Trail,
}

impl JobProgress {
    /// A job that has just been taken.
    #[must_use]
    pub fn starting() -> Self {
        let (incumbent, bound) = (None, None);
        Self { phase: "prepare".to_owned(), parts_done: 0, parts: 0, incumbent, bound, trail: Trail::default() }
    }
}

/// What a run had reached at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// Since the solve began.
    pub millis: u64,
    /// Best values by then.
    pub incumbent: Option<TierTriple>,
    /// Proven bounds by then.
    pub bound: Option<TierTriple>,
}

/// The milestones of a run, in order of time; few enough to be read at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail(Vec<Milestone>);

impl From<Vec<Milestone>> for Trail {
    fn from(milestones: Vec<Milestone>) -> Self {
        Self(milestones)
    }
}

impl Trail {
    const MOST: usize = 240;

    /// Adds what is new; what repeats the last milestone, or knows nothing, is left out.
    pub fn add(&mut self, milestone: Milestone) {
        let reached = |one: &Milestone| (one.incumbent, one.bound);
        let before = self.0.last().map_or((None, None), reached);
        if reached(&milestone) == before {
            return;
        }
        if self.0.len() >= Self::MOST {
            // Every other one goes, so that the whole course of a long run remains.
            let mut stays = false;
            self.0.retain(|_| {
                stays = !stays;
                stays
            });
        }
        self.0.push(milestone);
    }

    /// The milestones.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.0
    }
}

/// One run of the planner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Schedule it works for.
    pub schedule: ScheduleId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub status: JobStatus,
    /// Phase in kebab-case.
    pub phase: String,
    /// Parts finished.
    pub parts_done: u32,
    /// Parts in all.
    pub parts: u32,
    /// Best values so far.
    pub incumbent: Option<TierTriple>,
    /// Proven bounds so far.
    pub bound: Option<TierTriple>,
    /// Somebody asked to stop and keep the best.
    pub stop_requested: bool,
    /// How often a worker has taken it.
    pub attempts: u16,
    /// The worker at it.
    pub worker: Option<String>,
    /// Code of the error that it failed with.
    pub error_code: Option<String>,
    /// The error in words.
    pub error_detail: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When a worker last took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When the worker last showed that it lives.
    pub heartbeat_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// How it came to its values and bounds.
    pub trail: Trail,
}

impl Job {
    /// A job that waits.
    #[must_use]
    pub fn queued(id: JobId, schedule: ScheduleId, kind: JobKind, now: DateTime<Utc>) -> Self {
        Self {
            id,
            schedule,
            kind,
            status: JobStatus::Queued,
            phase: "queued".to_owned(),
            parts_done: 0,
            parts: 0,
            incumbent: None,
            bound: None,
            stop_requested: false,
            attempts: 0,
            worker: None,
            error_code: None,
            error_detail: None,
            created_at: now,
            started_at: None,
            heartbeat_at: None,
            finished_at: None,
            version: 1,
            trail: Trail::default(),
        }
    }
}

impl Check for Job {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/phase", &self.phase, 60);
        faults
    }
}

text_enum! {
    /// Where an assignment comes from.
    AssignmentSource {
        /// The solver.
        Solver = "solver",
        /// A coordinator.
        Manual = "manual",
        /// Loaded with other data.
        Import = "import",
    }
}

/// A person at a post, in a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Schedule.
    pub schedule: ScheduleId,
    /// Number within the schedule, never used twice.
    pub seq: i64,
    /// Who.
    pub person: PersonId,
    /// At which post.
    pub post: PostId,
    /// The post's station.
    pub station: StationId,
    /// The post's date.
    pub date: NaiveDate,
    /// First minute of the date.
    pub start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    pub end_minute: u16,
    /// Stays when the week is planned again (H15).
    pub pinned: bool,
    /// Where it comes from.
    pub source: AssignmentSource,
    /// Counts the edits, from 1.
    pub version: i64,
}

/// Value and proof of one tier of a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct TierRow {
    /// 1 to 3.
    pub tier: u8,
    /// Cost of the roster.
    pub value: i64,
    /// Proven lower bound.
    pub bound: i64,
    /// `(value - bound) / |value|`.
    pub gap: f64,
    /// How the bound was obtained.
    pub method: String,
    /// Seconds spent, summed over threads.
    pub seconds: f64,
}

/// A post left below its minimum, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmetNeed {
    /// Post.
    pub post: PostId,
    /// The post's station.
    pub station: StationId,
    /// The post's date.
    pub date: NaiveDate,
    /// Heads missing from the minimum.
    pub missing: u16,
    /// People whom no rule stops but who serve elsewhere at the time.
    pub busy_elsewhere: u32,
    /// Number of people whom each rule stops first, JSON by rule code.
    pub stopped_by: String,
    /// The reason in Chinese.
    pub reason_zh: String,
    /// The reason in English.
    pub reason_en: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milestone(millis: u64, value: i64) -> Milestone {
        Milestone { millis, incumbent: Some(TierTriple([value, 0, 0])), bound: None }
    }

    #[test]
    fn a_trail_keeps_what_is_new_and_the_whole_course_of_a_long_run() {
        let mut trail = Trail::default();
        trail.add(Milestone { millis: 1, incumbent: None, bound: None });
        trail.add(milestone(2, 9));
        trail.add(milestone(3, 9));
        assert_eq!(trail.milestones(), [milestone(2, 9)]);
        for step in 0..1000 {
            trail.add(milestone(10 + step, i64::try_from(step).unwrap()));
        }
        let kept = trail.milestones();
        assert!(kept.len() <= Trail::MOST && kept.len() > Trail::MOST / 4, "{}", kept.len());
        assert_eq!((kept.first(), kept.last()), (Some(&milestone(2, 9)), Some(&milestone(1009, 999))));
        assert!(kept.is_sorted_by_key(|one| one.millis));
    }
}
