//! Jobs: the queue is rows, so that a killed process's jobs go on.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{ConflictKind, DbError, Verb};
use super::record::{Stored, childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema};
use crate::domain::{Job, JobId, JobProgress, JobStatus, ScheduleId};
use schema::jobs as t;

const KIND: &str = "job";

record! {
    jobs, Job, JobRow {
        id: String,
        schedule: String,
        kind: String,
        status: String,
        phase: String,
        parts_done: i64,
        parts: i64,
        incumbent: Option<String>,
        bound: Option<String>,
        stop_requested: bool,
        attempts: i64,
        worker: Option<String>,
        error_code: Option<String>,
        error_detail: Option<String>,
        created_at: chrono::NaiveDateTime,
        started_at: Option<chrono::NaiveDateTime>,
        heartbeat_at: Option<chrono::NaiveDateTime>,
        finished_at: Option<chrono::NaiveDateTime>,
        version: i64,
        trail: String,
    }
}

crud!(jobs, Job, JobId, JobRow, children: childless);

/// Which jobs a list holds.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Only this schedule's.
    pub schedule: Option<ScheduleId>,
    /// Only in this state.
    pub status: Option<JobStatus>,
}

list_by_id! {
    /// A page of jobs, by id, which is the order in which they were made.
    jobs, Job, JobRow, JobFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(schedule) = &filter.schedule {
            query = query.filter(t::schedule.eq(schedule.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
    }
}

/// The schedule's latest job.
///
/// # Errors
/// Those of the connection.
pub fn latest(conn: &mut Connection, schedule: &ScheduleId) -> DbResult<Option<Job>> {
    let row: Option<JobRow> = on!(conn, c => {
        t::table
            .filter(t::schedule.eq(schedule.as_str()))
            .order(t::id.desc())
            .select(JobRow::as_select())
            .first(c)
            .optional()
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(JobRow::restore).transpose()
}

/// Whether no job waits or runs.
///
/// # Errors
/// Those of the connection.
pub fn all_ended(conn: &mut Connection) -> DbResult<bool> {
    let open = [JobStatus::Queued.as_str(), JobStatus::Running.as_str()];
    let count: i64 = on!(conn, c => t::table.filter(t::status.eq_any(open)).count().get_result(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(count == 0)
}

/// Gives the oldest waiting job to a worker: one that is queued, or one whose worker has not shown a sign of life
/// since `silent_since`. Two workers never get the same job.
///
/// # Errors
/// Those of the connection.
pub fn claim(tx: &mut Tx<'_>, worker: &str, now: DateTime<Utc>, silent_since: DateTime<Utc>) -> DbResult<Option<Job>> {
    loop {
        let row: Option<JobRow> = on!(&mut **tx, c => {
            t::table
                .filter(
                    t::status.eq(JobStatus::Queued.as_str()).or(t::status
                        .eq(JobStatus::Running.as_str())
                        .and(t::heartbeat_at.lt(silent_since.store()))),
                )
                .order((t::created_at, t::id))
                .select(JobRow::as_select())
                .first(c)
                .optional()
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        let Some(mut row) = row else { return Ok(None) };
        let read = row.version;
        JobStatus::Running.as_str().clone_into(&mut row.status);
        row.worker = Some(worker.to_owned());
        row.attempts += 1;
        row.started_at = Some(now.store());
        row.heartbeat_at = Some(now.store());
        row.version += 1;
        let taken = on!(&mut **tx, c => {
            diesel::update(t::table.find(row.id.clone()).filter(t::version.eq(read))).set(&row).execute(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
        if taken == 1 {
            return row.restore().map(Some);
        }
    }
}

/// Stores a running job's progress and sign of life, and answers whether somebody asked it to stop.
///
/// # Errors
/// [`DbError::Conflict`] when the job runs no longer, or with another worker: this one is to give up.
pub fn heartbeat(
    tx: &mut Tx<'_>,
    id: &JobId,
    worker: &str,
    progress: &JobProgress,
    now: DateTime<Utc>,
) -> DbResult<bool> {
    let changed = on!(&mut **tx, c => {
        diesel::update(
            t::table
                .find(id.as_str())
                .filter(t::status.eq(JobStatus::Running.as_str()))
                .filter(t::worker.eq(worker)),
        )
        .set((
            t::phase.eq(&progress.phase),
            t::parts_done.eq(i64::from(progress.parts_done)),
            t::parts.eq(i64::from(progress.parts)),
            t::incumbent.eq(progress.incumbent.store()),
            t::bound.eq(progress.bound.store()),
            t::trail.eq(progress.trail.store()),
            t::heartbeat_at.eq(now.store()),
            t::version.eq(t::version + 1),
        ))
        .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    if changed == 0 {
        return Err(lost(id, worker));
    }
    on!(&mut **tx, c => t::table.find(id.as_str()).select(t::stop_requested).first(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}

/// Asks a job to stop and keep the best. One that still waits ends at once; one that has ended stays as it is.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn request_stop(tx: &mut Tx<'_>, id: &JobId, now: DateTime<Utc>) -> DbResult<Job> {
    let mut job = locked(tx, id)?;
    if job.status.is_final() {
        return Ok(job);
    }
    job.stop_requested = true;
    if job.status == JobStatus::Queued {
        job.status = JobStatus::Stopped;
        job.finished_at = Some(now);
    }
    job.version = update(tx, &job)?;
    Ok(job)
}

/// Puts a worker's running job back into the queue, as if the worker had not taken it; a job that is not the worker's
/// stays as it is. A stop that was asked for meanwhile ends the job instead.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn give_back(tx: &mut Tx<'_>, id: &JobId, worker: &str, now: DateTime<Utc>) -> DbResult<()> {
    let mut job = locked(tx, id)?;
    if job.status != JobStatus::Running || job.worker.as_deref() != Some(worker) {
        return Ok(());
    }
    job.worker = None;
    job.attempts = job.attempts.saturating_sub(1);
    if job.stop_requested {
        job.status = JobStatus::Stopped;
        job.finished_at = Some(now);
    } else {
        job.status = JobStatus::Queued;
    }
    update(tx, &job).map(drop)
}

/// The job, which no other transaction changes until this one ends: workers change jobs without being asked, so that
/// reading a version and expecting it later would fail by chance.
fn locked(tx: &mut Tx<'_>, id: &JobId) -> DbResult<Job> {
    let find = t::table.find(id.as_str());
    let row: Option<JobRow> = match &mut **tx {
        Connection::Sqlite(c) => find.select(JobRow::as_select()).first(c).optional(),
        Connection::Postgresql(c) => find.select(JobRow::as_select()).for_update().first(c).optional(),
    }
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.ok_or_else(|| DbError::not_found(KIND, id.as_str()))?.restore()
}

/// Ends a running job.
///
/// # Errors
/// [`DbError::Conflict`] when the job runs no longer, or with another worker.
pub fn finish(
    tx: &mut Tx<'_>,
    id: &JobId,
    worker: &str,
    status: JobStatus,
    error: Option<(&str, &str)>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let changed = on!(&mut **tx, c => {
        diesel::update(
            t::table
                .find(id.as_str())
                .filter(t::status.eq(JobStatus::Running.as_str()))
                .filter(t::worker.eq(worker)),
        )
        .set((
            t::status.eq(status.as_str()),
            t::phase.eq(status.as_str()),
            t::error_code.eq(error.map(|(code, _)| code)),
            t::error_detail.eq(error.map(|(_, detail)| detail)),
            t::heartbeat_at.eq(now.store()),
            t::finished_at.eq(now.store()),
            t::version.eq(t::version + 1),
        ))
        .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    if changed == 0 { Err(lost(id, worker)) } else { Ok(()) }
}

fn lost(id: &JobId, worker: &str) -> DbError {
    DbError::conflict(
        KIND,
        ConflictKind::State,
        format!("job {id} does not run with worker {worker} any more; drop what was computed"),
    )
}
