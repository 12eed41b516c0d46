//! Putting a planned roster in force.

use chrono::{DateTime, Utc};

use super::history::record_week;
use crate::db::{DbResult, Tx, schedules};
use crate::domain::{Schedule, ScheduleId};

/// Puts a planned schedule in force, in place of the published one of the same unit and week, and records its week in
/// the ledger of past weeks, in the caller's transaction.
///
/// # Errors
/// Those of [`schedules::publish`].
pub fn publish(tx: &mut Tx<'_>, id: &ScheduleId, version: i64, now: DateTime<Utc>) -> DbResult<Schedule> {
    let published = schedules::publish(tx, id, version, now)?;
    record_week(tx, &published)?;
    Ok(published)
}
