//! One run: read the week, solve it without a connection, have the checker judge, store everything at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use paiban_solver::check::check;
use paiban_solver::control::{Observer, Options, Progress};
use paiban_solver::document::RosterDocument;
use paiban_solver::problem::Problem;
use paiban_solver::roster::Outcome;

use super::{Flags, HEARTBEAT, Shared, locked};
use crate::db::{DbError, jobs, placement, schedules};
use crate::domain::{AuditDraft, Job, JobId, JobProgress, JobStatus, Milestone, Schedule, TierTriple, local_date};
use crate::planning::keep::keep_roster;
use crate::planning::owed_visits::propose_visits;
use crate::planning::progress::Board;
use crate::planning::proposals::propose;
use crate::planning::week::{PrepareError, PreparedWeek, prepare, require_calendar};

/// A job that so many workers took and none ended is given up.
const MAX_ATTEMPTS: u16 = 5;

/// Why a run ends without a roster.
#[derive(Debug)]
enum Failure {
    /// With a code and a sentence for the user.
    Coded(&'static str, String),
    /// Another worker has the job, or the process ends.
    Abandoned,
    /// The database failed.
    Database(DbError),
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<PrepareError> for Failure {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Db(error) => Self::Database(error),
            PrepareError::CalendarMissing { .. } => Self::Coded("no-calendar", error.to_string()),
            other => Self::Coded(other.code(), other.to_string()),
        }
    }
}

/// Runs the job and answers how it ended, as a word for the counter.
pub(super) fn run(shared: &Shared, job: &Job, worker: &str, flags: &Flags) -> &'static str {
    tracing::info!(job = %job.id, schedule = %job.schedule, attempt = job.attempts, "run started");
    let done = catch_unwind(AssertUnwindSafe(|| attempt(shared, job, worker, flags)))
        .unwrap_or_else(|_| Err(Failure::Coded("internal", "the solver has panicked; see the log".to_owned())));
    let (state, failure) = match done {
        Ok(status) => (status.as_str(), None),
        Err(Failure::Coded(code, detail)) => ("failed", Some((code, detail))),
        Err(Failure::Database(DbError::DiskFull(detail))) => ("failed", Some(("storage-full", detail))),
        Err(Failure::Database(error)) => ("failed", Some((error.code(), error.to_string()))),
        Err(Failure::Abandoned) => {
            give_back(shared, job, worker);
            ("abandoned", None)
        }
    };
    if let Some((code, detail)) = &failure {
        tracing::error!(job = %job.id, code, %detail, "run failed");
        let now = shared.clock.now();
        let finish =
            shared.db.write(|tx| jobs::finish(tx, &job.id, worker, JobStatus::Failed, Some((code, detail)), now));
        if let Err(error) = finish {
            tracing::error!(job = %job.id, %error, "the failure could not be stored; the run will be taken up again");
        }
    } else {
        tracing::info!(job = %job.id, state, "run ended");
    }
    state
}

fn attempt(shared: &Shared, job: &Job, worker: &str, flags: &Flags) -> Result<JobStatus, Failure> {
    if job.attempts > MAX_ATTEMPTS {
        let detail = format!("{MAX_ATTEMPTS} workers took the run and none ended it; see their logs");
        return Err(Failure::Coded("gave-up", detail));
    }
    let now = shared.clock.now();
    propose_what_is_owed(shared, job, now)?;
    let week = prepare(&shared.db, &job.schedule, local_date(now))?;
    let problem = week.document.to_problem().map_err(|errors| document_failure(&errors))?;
    let input_hash = week.document.input_hash();
    let options = options(&week.schedule);
    let (outcome, progress) = solve_with_heartbeat(shared, job, worker, flags, &problem, &options)?;
    if flags.abandon.load(Ordering::Relaxed) {
        return Err(Failure::Abandoned);
    }
    store(shared, job, worker, flags, &Made { week, problem, outcome, progress, input_hash, options })
}

/// Adds the receptions and visits that quotas ask for, for the plan to decide about.
fn propose_what_is_owed(shared: &Shared, job: &Job, now: chrono::DateTime<chrono::Utc>) -> Result<(), Failure> {
    let schedule = shared.db.read(|conn| schedules::get(conn, &job.schedule))?;
    let days = require_calendar(&shared.db, &schedule)?;
    shared.db.change("system", now, |tx| {
        let today = local_date(now);
        let proposed = propose(tx, &schedule, &days, today)? + propose_visits(tx, &schedule, today)?;
        if proposed == 0 {
            tx.unchanged();
        }
        Ok(())
    })?;
    Ok(())
}

fn options(schedule: &Schedule) -> Options {
    Options {
        time_limit: Duration::from_secs(u64::from(schedule.time_limit_seconds)),
        threads: usize::from(schedule.threads),
        seed: schedule.seed.unsigned_abs(),
        ..Options::default()
    }
}

fn document_failure(errors: &[paiban_solver::document::DocumentError]) -> Failure {
    use paiban_solver::document::ErrorCode;
    let no_calendar = errors.iter().any(|error| error.code == ErrorCode::CalendarMissing);
    let shown: Vec<String> = errors.iter().take(20).map(ToString::to_string).collect();
    Failure::Coded(if no_calendar { "no-calendar" } else { "invalid-problem" }, shown.join("\n"))
}

/// Solves while another thread shows signs of life and listens for requests to stop.
fn solve_with_heartbeat(
    shared: &Shared,
    job: &Job,
    worker: &str,
    flags: &Flags,
    problem: &Problem,
    options: &Options,
) -> Result<(Outcome, JobProgress), Failure> {
    let latest = Mutex::new(JobProgress::starting());
    let observer = Watching { job: &job.id, board: &shared.board, flags, latest };
    shared.board.put(&job.id, JobProgress::starting());
    let (ended, until_ended) = mpsc::channel::<()>();
    let solved = std::thread::scope(|scope| {
        let observer = &observer;
        scope.spawn(move || {
            while until_ended.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                beat(shared, job, worker, observer);
            }
        });
        let solved = catch_unwind(AssertUnwindSafe(|| paiban_solver::solve(problem, options, observer)));
        drop(ended);
        solved
    });
    match solved {
        Ok(Ok(outcome)) => Ok((outcome, observer.latest.into_inner().unwrap_or_else(PoisonError::into_inner))),
        Ok(Err(infeasible)) => {
            let facts: Vec<String> = infeasible.facts.iter().map(|fact| format!("{} {}", fact.zh, fact.en)).collect();
            Err(Failure::Coded("infeasible", facts.join("\n")))
        }
        Err(_) => Err(Failure::Coded("internal", "the solver has panicked; see the log".to_owned())),
    }
}

fn beat(shared: &Shared, job: &Job, worker: &str, observer: &Watching<'_>) {
    let progress = locked(&observer.latest).clone();
    let now = shared.clock.now();
    match shared.db.write(|tx| jobs::heartbeat(tx, &job.id, worker, &progress, now)) {
        Ok(true) => observer.flags.stop.store(true, Ordering::Relaxed),
        Ok(false) => {}
        Err(DbError::Conflict { .. } | DbError::NotFound { .. }) => {
            tracing::warn!(job = %job.id, "another worker has taken the run over");
            observer.flags.abandon.store(true, Ordering::Relaxed);
        }
        Err(error) => tracing::warn!(job = %job.id, %error, "no sign of life could be stored"),
    }
}

/// Everything that a finished solve gave.
struct Made {
    week: PreparedWeek,
    problem: Problem,
    outcome: Outcome,
    progress: JobProgress,
    input_hash: String,
    options: Options,
}

fn store(shared: &Shared, job: &Job, worker: &str, flags: &Flags, made: &Made) -> Result<JobStatus, Failure> {
    let report = check(&made.problem, &made.outcome.roster.duties);
    if !report.is_feasible() {
        let broken: Vec<&str> = report.hard().take(20).map(|broken| broken.en.as_str()).collect();
        let detail = format!("the checker refuses the roster, which is a fault of the solver:\n{}", broken.join("\n"));
        return Err(Failure::Coded("check-failed", detail));
    }
    let roster = RosterDocument::from_outcome(&made.problem, &made.outcome, &made.input_hash, &made.options);
    let status = if flags.stop.load(Ordering::Relaxed) { JobStatus::Stopped } else { JobStatus::Done };
    let now = shared.clock.now();
    shared.db.change("system", now, |tx| {
        jobs::heartbeat(tx, &job.id, worker, &made.progress, now)?;
        jobs::finish(tx, &job.id, worker, status, None, now)?;
        keep_roster(tx, &made.week, roster, now)?;
        let unit_path = placement::of_unit(tx, &made.week.schedule.unit)?;
        let (schedule, hash) = (made.week.schedule.id.as_str(), &made.input_hash);
        tx.tell(AuditDraft {
            action: "plan",
            kind: "schedule",
            entity: schedule.to_owned(),
            unit_path,
            before: None,
            after: Some(format!(r#"{{"run":"{}","status":"{status}","inputHash":"{hash}"}}"#, job.id)),
            reason: None,
        });
        Ok(())
    })?;
    Ok(status)
}

/// Puts an abandoned job back into the queue, if it is still this worker's.
fn give_back(shared: &Shared, job: &Job, worker: &str) {
    let now = shared.clock.now();
    let given = shared.db.write(|tx| jobs::give_back(tx, &job.id, worker, now));
    if let Err(error) = given {
        tracing::warn!(job = %job.id, %error, "the run was not given back; it is taken up once it has been silent");
    }
}

/// Carries progress to the board and the heartbeat, and the flags to the solver.
struct Watching<'a> {
    job: &'a JobId,
    board: &'a Board,
    flags: &'a Flags,
    latest: Mutex<JobProgress>,
}

impl Observer for Watching<'_> {
    fn progress(&self, progress: &Progress) {
        let mut latest = locked(&self.latest);
        progress.phase.clone_into(&mut latest.phase);
        latest.parts_done = u32::try_from(progress.parts_done).unwrap_or(u32::MAX);
        latest.parts = u32::try_from(progress.parts).unwrap_or(u32::MAX);
        // The solver does not repeat what it has said of values and bounds with every part.
        latest.incumbent = progress.incumbent.map(TierTriple).or(latest.incumbent);
        latest.bound = progress.bound.map(TierTriple).or(latest.bound);
        let since = Duration::try_from_secs_f64(progress.seconds).unwrap_or_default();
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let (incumbent, bound) = (latest.incumbent, latest.bound);
        latest.trail.add(Milestone { millis, incumbent, bound });
        self.board.put(self.job, latest.clone());
    }

    fn is_cancelled(&self) -> bool {
        self.flags.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicBool, AtomicUsize};
    use std::sync::{Arc, Condvar};

    use chrono::TimeDelta;

    use super::*;
    use crate::db::{Db, schedules, units};
    use crate::demo::{Preset, generate};
    use crate::domain::{Clock as _, FixedClock, ScheduleStatus, SeededEntropy};
    use crate::planning::demo_load::load_demo;
    use crate::planning::queue::Listener;
    use crate::planning::request::{PlanRequest, request_plan};

    struct Deaf;

    impl Listener for Deaf {
        fn running(&self, _runs: usize) {}
        fn finished(&self, _state: &str) {}
    }

    /// The worker's view of a street whose week has been asked for, and the claimed job.
    fn claimed(db: &Db) -> (Shared, Job) {
        let clock = FixedClock::at("2026-11-23T00:00:00Z");
        let city = generate(Preset::Street, 7, "2026-11-30".parse().unwrap());
        load_demo(db, &city, &clock).unwrap();
        let unit = db.read(units::all).unwrap().remove(0).id;
        let request = PlanRequest {
            unit,
            week_start: city.week_start,
            time_limit_seconds: 10,
            threads: 1,
            seed: 1,
            profile: None,
            accept_draft_calendar: false,
        };
        let now = clock.now();
        db.write(|tx| Ok(request_plan(tx, &request, 10, now, &SeededEntropy::new(1)).unwrap())).unwrap();
        let job = db.write(|tx| jobs::claim(tx, "w", now, now - TimeDelta::seconds(10))).unwrap().unwrap();
        let shared = Shared {
            db: db.clone(),
            clock: Arc::new(clock),
            board: Arc::new(Board::default()),
            listener: Arc::new(Deaf),
            running: Mutex::new(HashMap::new()),
            active: AtomicUsize::new(0),
            hint: Mutex::new(false),
            bell: Condvar::new(),
            ended: Condvar::new(),
            closing: AtomicBool::new(false),
        };
        (shared, job)
    }

    #[test]
    fn a_roster_that_the_checker_refuses_is_not_stored() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("x.db").display())).unwrap();
        db.migrate().unwrap();
        let (shared, job) = claimed(&db);
        let flags = Flags::default();
        flags.stop.store(true, Ordering::Relaxed);
        let week = prepare(&db, &job.schedule, local_date(shared.clock.now())).unwrap();
        let problem = week.document.to_problem().unwrap();
        let options = options(&week.schedule);
        let (mut outcome, progress) = solve_with_heartbeat(&shared, &job, "w", &flags, &problem, &options).unwrap();
        // The fault of a solver that gives one person the same duty twice.
        let duty = outcome.roster.duties.first().copied().unwrap();
        outcome.roster.duties.insert(0, duty);
        let made = Made { week, problem, outcome, progress, input_hash: "x".to_owned(), options };
        let Err(Failure::Coded(code, detail)) = store(&shared, &job, "w", &flags, &made) else {
            panic!("the roster was stored");
        };
        assert_eq!(code, "check-failed");
        assert!(detail.contains("fault of the solver"), "{detail}");
        let schedule = db.read(|conn| schedules::get(conn, &job.schedule)).unwrap();
        assert_eq!(schedule.status, ScheduleStatus::Draft);
    }
}
