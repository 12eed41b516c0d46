//! Residents' cases as use cases: intake, moves, the watch over deadlines, what may be the same matter, and reports.
//! Knows the database and the domain, nothing of HTTP.

pub mod duplicates;
pub mod intake;
pub mod moves;
pub mod report;
pub mod transfer;
pub mod watch;

use chrono::{Datelike as _, NaiveDate};

use crate::db::{Connection, DbResult, bulk};
use crate::domain::WorkingDays;

/// Who acts when the system does.
pub const SYSTEM: &str = "system";

/// The working days of a date's year and the next: every deadline lies within a year of its beginning.
///
/// # Errors
/// Those of the connection.
pub fn working_days(conn: &mut Connection, from: NaiveDate) -> DbResult<WorkingDays> {
    Ok(WorkingDays::new(bulk::calendars(conn, from.year()..=from.year() + 1)?))
}
