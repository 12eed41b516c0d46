//! Signing in with a name and a password, and the first administrator.

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};

use super::{password, token};
use crate::db::{Db, DbError, DbResult, accounts, sessions};
use crate::domain::{Account, AccountId, AuditDraft, Clock, Entropy, Grant, Role, Session};

/// So many wrong passwords in a row lock an account.
pub const MOST_FAILURES: u32 = 5;
/// A lock lasts so many minutes.
pub const LOCK_MINUTES: i64 = 15;
/// Name of the first administrator.
pub const FIRST_ADMINISTRATOR: &str = "admin";

/// Why somebody could not sign in.
#[derive(Debug)]
pub enum SignInError {
    /// There is no such account, the password is wrong, or the account is disabled: which of these, is not told.
    Wrong,
    /// Too many wrong passwords; not before this time.
    Locked(DateTime<Utc>),
    /// The database or the system failed.
    Failed(DbError),
}

impl From<DbError> for SignInError {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

fn failed(cause: String) -> DbError {
    DbError::Internal(cause)
}

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token for the cookie, shown this once.
    pub token: String,
    /// The session.
    pub session: Session,
    /// The account.
    pub account: Account,
}

/// Begins a session of the account with this name and password. Hashes the password, which takes a while: not for a
/// request thread.
///
/// # Errors
/// See [`SignInError`].
pub fn sign_in(db: &Db, name: &str, given: &str, now: DateTime<Utc>) -> Result<SignedIn, SignInError> {
    let Some(account) = db.read(|conn| accounts::by_name(conn, name))? else {
        // As long as for an account that exists, so that the time does not tell which names do.
        let _wrong = password::is_right(given, nobody());
        return Err(SignInError::Wrong);
    };
    if let Some(until) = account.locked_until.filter(|until| now < *until) {
        return Err(SignInError::Locked(until));
    }
    if !password::is_right(given, &account.password_hash) || account.disabled {
        count_failure(db, &account, now)?;
        return Err(SignInError::Wrong);
    }
    let token = token::fresh().map_err(failed)?;
    let session = Session {
        id: token::hash(&token),
        account: account.id.clone(),
        csrf_token: token::fresh().map_err(failed)?,
        created_at: now,
        seen_at: now,
    };
    db.change(&account.name, now, |trail| {
        accounts::count_sign_in(trail, &account.id, 0, None)?;
        sessions::delete_before(
            trail,
            now - TimeDelta::hours(super::identify::IDLE_HOURS),
            now - TimeDelta::days(super::identify::LONGEST_DAYS),
        )?;
        sessions::insert(trail, &session)?;
        trail.tell(about(&account, "signIn"));
        Ok(())
    })?;
    Ok(SignedIn { token, session, account })
}

/// A hash that no password has.
fn nobody() -> &'static str {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY.get_or_init(|| password::one_time().and_then(|text| password::hash(&text)).unwrap_or_default())
}

fn count_failure(db: &Db, account: &Account, now: DateTime<Utc>) -> DbResult<()> {
    // Read again under the transaction's lock: several wrong passwords may come at once.
    db.change(&account.name, now, |trail| {
        let stored = accounts::get(trail, &account.id)?;
        let failures = stored.failed_sign_ins + 1;
        if failures < MOST_FAILURES {
            trail.unchanged();
            return accounts::count_sign_in(trail, &account.id, failures, None);
        }
        trail.tell(about(account, "lockOut"));
        accounts::count_sign_in(trail, &account.id, 0, Some(now + TimeDelta::minutes(LOCK_MINUTES)))
    })
}

fn about(account: &Account, action: &'static str) -> AuditDraft {
    AuditDraft {
        action,
        kind: "account",
        entity: account.id.to_string(),
        unit_path: None,
        before: None,
        after: None,
        reason: None,
    }
}

/// Makes the first administrator when there is no account at all, and answers the one-time password, which is shown
/// this once.
///
/// # Errors
/// Those of the database.
pub fn ensure_administrator(db: &Db, clock: &dyn Clock, entropy: &dyn Entropy) -> DbResult<Option<String>> {
    if !db.read(accounts::is_empty)? {
        return Ok(None);
    }
    let one_time = password::one_time().map_err(failed)?;
    let password_hash = password::hash(&one_time).map_err(failed)?;
    let now = clock.now();
    let account = Account {
        id: AccountId::fresh(now, entropy),
        name: FIRST_ADMINISTRATOR.to_owned(),
        password_hash,
        must_change_password: true,
        person: None,
        disabled: false,
        failed_sign_ins: 0,
        locked_until: None,
        created_at: now,
        grants: vec![Grant { role: Role::Administrator, unit: None }],
        version: 1,
    };
    db.change("system", now, |trail| {
        // Another process may have been first.
        if !accounts::is_empty(trail)? {
            trail.unchanged();
            return Ok(None);
        }
        accounts::insert(trail, &account)?;
        trail.tell(about(&account, "create"));
        Ok(Some(one_time))
    })
}

/// Gives the account with this name a new one-time password, takes its lock off, enables it and ends its sessions, and
/// answers the password, which is shown this once. For whoever runs the server.
///
/// # Errors
/// [`DbError::NotFound`], and those of the database.
pub fn reset(db: &Db, name: &str, now: DateTime<Utc>) -> DbResult<String> {
    let one_time = password::one_time().map_err(failed)?;
    let password_hash = password::hash(&one_time).map_err(failed)?;
    db.change("system", now, |trail| {
        let found = accounts::by_name(trail, name)?;
        let before = found.ok_or_else(|| DbError::NotFound { kind: "account", id: name.to_owned() })?;
        let account = Account {
            password_hash,
            must_change_password: true,
            disabled: false,
            failed_sign_ins: 0,
            locked_until: None,
            ..before
        };
        accounts::update(trail, &account)?;
        sessions::delete_others(trail, &account.id, None)?;
        trail.tell(about(&account, "resetPassword"));
        Ok(one_time)
    })
}
