//! Sessions of accounts, found by the hash of the token in the cookie.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{Stored as _, record};
use super::schema::sessions as t;
use super::{Connection, DbResult, Tx};
use crate::domain::{AccountId, Session};

const KIND: &str = "session";

record! {
    sessions, Session, SessionRow {
        id: String,
        account: String,
        csrf_token: String,
        created_at: chrono::NaiveDateTime,
        seen_at: chrono::NaiveDateTime,
    }
}

/// The session with this hash.
///
/// # Errors
/// Those of the connection.
pub fn find(conn: &mut Connection, id: &str) -> DbResult<Option<Session>> {
    let row: Option<SessionRow> = on!(conn, c => t::table.find(id).select(SessionRow::as_select()).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(SessionRow::restore).transpose()
}

/// Adds a session.
///
/// # Errors
/// Those of the connection.
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> DbResult<()> {
    let row = SessionRow::store(session);
    on!(&mut **tx, c => diesel::insert_into(t::table).values(&row).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Remembers when a session was last used.
///
/// # Errors
/// Those of the connection.
pub fn touch(tx: &mut Tx<'_>, id: &str, now: DateTime<Utc>) -> DbResult<()> {
    on!(&mut **tx, c => diesel::update(t::table.find(id)).set(t::seen_at.eq(now.store())).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Ends a session.
///
/// # Errors
/// Those of the connection.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> DbResult<()> {
    on!(&mut **tx, c => diesel::delete(t::table.find(id)).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

/// Ends an account's sessions but the one given.
///
/// # Errors
/// Those of the connection.
pub fn delete_others(tx: &mut Tx<'_>, account: &AccountId, kept: Option<&str>) -> DbResult<()> {
    let find = t::table.filter(t::account.eq(account.as_str()).and(t::id.ne(kept.unwrap_or_default())));
    on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

/// Removes sessions that were last used, or begun, before these times.
///
/// # Errors
/// Those of the connection.
pub fn delete_before(tx: &mut Tx<'_>, seen: DateTime<Utc>, begun: DateTime<Utc>) -> DbResult<usize> {
    let find = t::table.filter(t::seen_at.lt(seen.store()).or(t::created_at.lt(begun.store())));
    on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}
