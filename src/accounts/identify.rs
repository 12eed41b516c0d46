//! From what a request carries to its author.

use chrono::{DateTime, TimeDelta, Utc};

use super::token;
use crate::db::{Connection, DbError, DbResult, accounts, api_keys, sessions};
use crate::domain::{Account, AccountId, KeyScope, Session, Who};

/// A session that has not been used for so many hours has ended.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after so many days, used or not.
pub const LONGEST_DAYS: i64 = 7;
/// Use is remembered in steps of so many minutes, so that reading does not write all the time.
const STEP_MINUTES: i64 = 5;

/// The author of a request, and what else the request's means of signing in say.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The author.
    pub who: Who,
    /// The session; none for a key.
    pub session: Option<Session>,
    /// Only the password may be changed.
    pub must_change_password: bool,
    /// The use is to be remembered.
    pub is_stale: bool,
}

/// The author of a request with this session token.
///
/// # Errors
/// Those of the connection.
pub fn by_session(conn: &mut Connection, token: &str, now: DateTime<Utc>) -> DbResult<Option<Identified>> {
    let Some(session) = sessions::find(conn, &token::hash(token))? else { return Ok(None) };
    let is_over = now >= session.seen_at + TimeDelta::hours(IDLE_HOURS)
        || now >= session.created_at + TimeDelta::days(LONGEST_DAYS);
    if is_over {
        return Ok(None);
    }
    let Some(account) = enabled(conn, &session.account)? else { return Ok(None) };
    let is_stale = now >= session.seen_at + TimeDelta::minutes(STEP_MINUTES);
    let must_change_password = account.must_change_password;
    let who = who(conn, account, None)?;
    Ok(Some(Identified { who, session: Some(session), must_change_password, is_stale }))
}

/// The author of a request with this API key.
///
/// # Errors
/// Those of the connection.
pub fn by_key(
    conn: &mut Connection,
    key: &str,
    now: DateTime<Utc>,
) -> DbResult<Option<(Identified, crate::domain::ApiKeyId)>> {
    let Some(key) = api_keys::by_hash(conn, &token::hash(key))? else { return Ok(None) };
    if !key.is_valid(now) {
        return Ok(None);
    }
    let Some(account) = enabled(conn, &key.account)? else { return Ok(None) };
    let is_stale = key.used_at.is_none_or(|used| now >= used + TimeDelta::minutes(STEP_MINUTES));
    let must_change_password = account.must_change_password;
    let mut who = who(conn, account, Some(key.scopes))?;
    who.actor = format!("{} (key {})", who.actor, key.name);
    Ok(Some((Identified { who, session: None, must_change_password, is_stale }, key.id)))
}

fn enabled(conn: &mut Connection, id: &AccountId) -> DbResult<Option<Account>> {
    match accounts::get(conn, id) {
        Ok(account) => Ok(Some(account).filter(|account| !account.disabled)),
        Err(DbError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn who(conn: &mut Connection, account: Account, scopes: Option<Vec<KeyScope>>) -> DbResult<Who> {
    let grants = accounts::placed_grants(conn, &account.id)?;
    Ok(Who { actor: account.name, person: account.person, grants, scopes, asked: None, account: Some(account.id) })
}
