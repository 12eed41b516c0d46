//! Answers to requests that carried an `Idempotency-Key`, so that a repeated request gets the same answer.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{ConflictKind, DbError, Verb};
use super::record::Stored;
use super::schema::idempotency_keys as t;
use super::{Connection, DbResult, Tx};

const KIND: &str = "idempotency key";

/// The answer given before to the key, if any.
///
/// # Errors
/// [`DbError::Conflict`] when the key came with another request, told by the fingerprint.
pub fn find(conn: &mut Connection, operation: &str, key: &str, fingerprint: &str) -> DbResult<Option<String>> {
    let found: Option<(String, String)> = on!(conn, c => {
        t::table.find((operation, key)).select((t::fingerprint, t::response)).first(c).optional()
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    match found {
        None => Ok(None),
        Some((stored, response)) if stored == fingerprint => Ok(Some(response)),
        Some(_) => Err(DbError::conflict(
            KIND,
            ConflictKind::State,
            "the key was used for another request; choose a new key for a new request",
        )),
    }
}

/// Keeps an answer, in the transaction of what the request did.
///
/// # Errors
/// [`DbError::Conflict`] when a request with the same key came first.
pub fn insert(
    tx: &mut Tx<'_>,
    operation: &str,
    key: &str,
    fingerprint: &str,
    response: &str,
    now: DateTime<Utc>,
) -> DbResult<()> {
    on!(&mut **tx, c => {
        diesel::insert_into(t::table)
            .values((
                t::operation.eq(operation),
                t::idempotency_key.eq(key),
                t::fingerprint.eq(fingerprint),
                t::response.eq(response),
                t::created_at.eq(now.store()),
            ))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Forgets the answers given before a time, and tells how many.
///
/// # Errors
/// Those of the connection.
pub fn delete_before(tx: &mut Tx<'_>, before: DateTime<Utc>) -> DbResult<usize> {
    on!(&mut **tx, c => diesel::delete(t::table.filter(t::created_at.lt(before.store()))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}
