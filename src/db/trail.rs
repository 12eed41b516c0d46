//! Changes that somebody makes: a transaction that ends only with an entry in the audit trail.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::{Db, DbError, DbResult, Tx, audit};
use crate::domain::AuditDraft;

/// A transaction that collects what it is to tell the audit trail.
#[expect(missing_debug_implementations, reason = "diesel's connections have none")]
pub struct Trail<'t, 'c> {
    tx: &'t mut Tx<'c>,
    drafts: Vec<AuditDraft>,
    unchanged: bool,
}

impl<'c> Deref for Trail<'_, 'c> {
    type Target = Tx<'c>;

    fn deref(&self) -> &Tx<'c> {
        self.tx
    }
}

impl<'c> DerefMut for Trail<'_, 'c> {
    fn deref_mut(&mut self) -> &mut Tx<'c> {
        self.tx
    }
}

impl Trail<'_, '_> {
    /// Tells the audit trail of a change.
    pub fn tell(&mut self, draft: AuditDraft) {
        self.drafts.push(draft);
    }

    /// Says that nothing was changed, as when a repeated request is answered again.
    pub fn unchanged(&mut self) {
        self.unchanged = true;
    }
}

impl Db {
    /// Runs a transaction on somebody's behalf, as [`Db::write`] does, and appends what it tells to the audit trail.
    ///
    /// # Errors
    /// Those of the closure; [`DbError::Internal`] when it tells nothing of what it changed: then nothing is written.
    pub fn change<T>(
        &self,
        actor: &str,
        at: DateTime<Utc>,
        work: impl FnOnce(&mut Trail<'_, '_>) -> DbResult<T>,
    ) -> DbResult<T> {
        self.write(|tx| followed(tx, actor, at, work)).inspect(|_| self.ring())
    }

    /// As [`Db::change`], perhaps in one commit with others, as [`Db::write_together`] does.
    ///
    /// # Errors
    /// As [`Db::change`] and [`Db::write_together`].
    pub fn change_together<T: Send + 'static>(
        &self,
        actor: &str,
        at: DateTime<Utc>,
        work: impl FnOnce(&mut Trail<'_, '_>) -> DbResult<T> + Send + 'static,
    ) -> DbResult<T> {
        let actor = actor.to_owned();
        self.write_together(move |tx| followed(tx, &actor, at, work)).inspect(|_| self.ring())
    }

    /// Rings after every change that this process has committed; what has changed stands in the audit trail.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn ring(&self) {
        self.bell.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// Does the work, and appends what it tells to the audit trail.
fn followed<T>(
    tx: &mut Tx<'_>,
    actor: &str,
    at: DateTime<Utc>,
    work: impl FnOnce(&mut Trail<'_, '_>) -> DbResult<T>,
) -> DbResult<T> {
    let mut trail = Trail { tx, drafts: Vec::new(), unchanged: false };
    let value = work(&mut trail)?;
    let Trail { tx, drafts, unchanged } = trail;
    if drafts.is_empty() {
        let silent = || DbError::Internal("a change told the audit trail nothing".to_owned());
        return if unchanged { Ok(value) } else { Err(silent()) };
    }
    audit::append(tx, actor, at, drafts)?;
    Ok(value)
}
