//! Moves of stored cases: the state machine, its line of history and the new row in one transaction.

use chrono::{DateTime, Utc};

use super::working_days;
use crate::db::{DbResult, Tx, case_events, cases, units};
use crate::domain::{Acting, Case, CaseAction, CaseId, MoveRefused, UnitId, local_date};

/// Who moves a case, when and why.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// Why.
    pub reason: Option<&'a str>,
}

/// Makes a move; `version` is the one that the caller has read. The refusal of an illegal move is the inner error, and
/// nothing is written then.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound), [`DbError::Stale`](crate::db::DbError::Stale).
pub fn make_move(
    tx: &mut Tx<'_>,
    id: &CaseId,
    version: i64,
    action: &CaseAction,
    by: By<'_>,
) -> DbResult<Result<Case, MoveRefused>> {
    let mut case = cases::get(tx, id)?;
    // A stale reader is told so before the move is judged: what is legal may have changed under them.
    if case.version != version {
        return Err(crate::db::DbError::Stale {
            kind: "case",
            id: id.as_str().to_owned(),
            expected: version,
            actual: case.version,
        });
    }
    let days = working_days(tx, local_date(by.now))?;
    let parent = parent_of(tx, &case.unit)?;
    let acting = Acting {
        actor: by.actor,
        now: by.now,
        reason: by.reason,
        days: &days,
        parent: parent.as_ref(),
        seq: case_events::next_seq(tx, id)?,
    };
    let event = match case.apply(action, &acting) {
        Ok(event) => event,
        Err(refused) => return Ok(Err(refused)),
    };
    case.version = cases::update(tx, &case)?;
    case_events::insert_many(tx, &[event])?;
    Ok(Ok(case))
}

/// The unit above.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound).
pub fn parent_of(tx: &mut crate::db::Connection, unit: &UnitId) -> DbResult<Option<UnitId>> {
    Ok(units::get(tx, unit)?.parent)
}
