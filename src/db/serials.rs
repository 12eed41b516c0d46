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
