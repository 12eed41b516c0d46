//! Serial numbers under a prefix, without gaps and without repeats.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::schema::serials as t;
use super::{DbResult, Tx};

/// Takes so many serials under the prefix, and answers the first of them. Another transaction that asks for the same
/// prefix waits until this one ends.
///
/// # Errors
/// Those of the connection.
pub fn take(tx: &mut Tx<'_>, prefix: &str, count: u32) -> DbResult<i64> {
    let count = i64::from(count);
    let last: i64 = on!(&mut **tx, c => {
        diesel::insert_into(t::table)
            .values((t::prefix.eq(prefix), t::last.eq(count)))
            .on_conflict(t::prefix)
            .do_update()
            .set(t::last.eq(t::last + count))
            .returning(t::last)
            .get_result(c)
    })
    .map_err(|error| DbError::from_diesel(error, "serial number", Verb::Store))?;
    Ok(last - count + 1)
}

/// As [`take`], but never one up to `floor`, for numbers of which some were given before they were counted here.
///
/// # Errors
/// Those of the connection.
pub fn take_above(
    tx: &mut Tx<'_>,
    prefix: &str,
    count: u32,
    floor: impl FnOnce(&mut Tx<'_>) -> DbResult<i64>,
) -> DbResult<i64> {
    // Taken first: that locks the prefix, so that what another transaction has used is seen below.
    let first = take(tx, prefix, count)?;
    let floor = floor(tx)?;
    if first > floor {
        return Ok(first);
    }
    on!(&mut **tx, c => {
        diesel::update(t::table.filter(t::prefix.eq(prefix))).set(t::last.eq(floor + i64::from(count))).execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, "serial number", Verb::Store))?;
    Ok(floor + 1)
}
