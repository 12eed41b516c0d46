//! Every fork between the backends: the macro that compiles a body for each, locks, and row counts that fit their
//! limits.

use diesel::connection::SimpleConnection;

use super::error::{DbError, DbResult, Verb};
use super::{Connection, Tx};

/// Runs the body with the connection of whichever backend it is; the body is compiled once for each.
macro_rules! on {
    ($connection:expr, $c:ident => $body:expr) => {
        match $connection {
            $crate::db::Connection::Sqlite($c) => $body,
            $crate::db::Connection::Postgresql($c) => $body,
        }
    };
}

pub(super) use on;

/// SQLite binds at most 32,766 values in a statement, PostgreSQL 65,535.
const MAX_BINDS: usize = 32_000;

/// Rows above which a longer statement gains nothing.
const MAX_ROWS: usize = 1_000;

/// How many rows of so many columns go into one insert statement.
pub(super) const fn rows_per_insert(columns: usize) -> usize {
    let columns = if columns == 0 { 1 } else { columns };
    let rows = MAX_BINDS / columns;
    if rows > MAX_ROWS { MAX_ROWS } else { rows }
}

/// How many ids go into one `IN (...)`.
pub(super) const IDS_PER_QUERY: usize = 5_000;

/// The `LIKE` pattern for texts that contain this one; `\` escapes. Only SQLite ignores the case of ASCII letters.
pub(super) fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Keeps other transactions from appending to the audit trail until this one ends, since each entry needs the one
/// before. SQLite has one writer anyway.
pub(super) fn lock_audit(tx: &mut Tx<'_>) -> DbResult<()> {
    match &mut **tx {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgresql(c) => c
            .batch_execute("SELECT pg_advisory_xact_lock(7265626117)")
            .map_err(|error| DbError::from_diesel(error, "audit entry", Verb::Store)),
    }
}

/// Keeps other transactions from changing the unit tree until this one ends, since a unit's path depends on those
/// above it. SQLite has one writer anyway.
pub(super) fn lock_tree(tx: &mut Tx<'_>) -> DbResult<()> {
    match &mut **tx {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgresql(c) => c
            .batch_execute("LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE")
            .map_err(|error| DbError::from_diesel(error, "unit", Verb::Store)),
    }
}

/// Runs work inside a savepoint, whose changes are undone when the work says that it failed.
pub(super) fn savepoint(tx: &mut Tx<'_>, work: impl FnOnce(&mut Tx<'_>) -> bool) -> DbResult<()> {
    let say = |tx: &mut Tx<'_>, statement: &str| {
        on!(&mut **tx, c => c.batch_execute(statement))
            .map_err(|error| DbError::from_diesel(error, "transaction", Verb::Store))
    };
    say(tx, "SAVEPOINT member")?;
    if !work(tx) {
        say(tx, "ROLLBACK TO SAVEPOINT member")?;
    }
    say(tx, "RELEASE SAVEPOINT member")
}
