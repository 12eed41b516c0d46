//! The watch over deadlines: a warning before, a step up after. Each case is dealt with in a transaction of its own, so
//! that a long sweep holds nobody up, and twice on the same day changes nothing.

use chrono::{DateTime, NaiveDate, Utc};

use super::moves::{By, make_move, parent_of};
use super::{SYSTEM, working_days};
use crate::db::{Db, DbError, DbResult, cases, units};
use crate::domain::{AuditDraft, Case, CaseAction, CaseId, Clock, WorkingDays, local_date};

/// Working days before the deadline on which the unit is warned.
const WARNING_WORKING_DAYS: u16 = 1;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Units warned of a near deadline.
    pub warned: usize,
    /// Cases sent to the parent unit.
    pub stepped_up: usize,
    /// Cases marked as overdue where no unit is above.
    pub overdue: usize,
}

/// Warns of near deadlines and sends late cases up.
///
/// # Errors
/// Those of the database; what was done before stays done.
pub fn sweep(db: &Db, clock: &dyn Clock) -> DbResult<Swept> {
    let now = clock.now();
    let today = local_date(now);
    let (days, due) = db.read(|conn| {
        let days = working_days(conn, today)?;
        let due = cases::due_by(conn, days.after(today, WARNING_WORKING_DAYS))?;
        Ok((days, due))
    })?;
    let mut swept = Swept::default();
    for id in due {
        match look_at(db, &id, now, today, &days) {
            Ok(Some(CaseAction::Warn)) => swept.warned += 1,
            Ok(Some(CaseAction::StepUp)) => swept.stepped_up += 1,
            Ok(Some(_)) => swept.overdue += 1,
            // Nothing is due, or somebody moved the case meanwhile; the next sweep sees what they did.
            Ok(None) | Err(DbError::Stale { .. } | DbError::NotFound { .. } | DbError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(swept)
}

fn look_at(
    db: &Db,
    id: &CaseId,
    now: DateTime<Utc>,
    today: NaiveDate,
    days: &WorkingDays,
) -> DbResult<Option<CaseAction>> {
    db.change(SYSTEM, now, |tx| {
        let case = cases::get(tx, id)?;
        let has_parent = parent_of(tx, &case.unit)?.is_some();
        let by = By { actor: SYSTEM, now, reason: None };
        let moved = match due_action(&case, today, days, has_parent) {
            Some(action) => make_move(tx, id, case.version, &action, by)?.ok().map(|_| action),
            None => None,
        };
        let Some(action) = moved else {
            tx.unchanged();
            return Ok(None);
        };
        let path = units::path(tx, &case.unit)?;
        tx.tell(AuditDraft {
            action: match action {
                CaseAction::Warn => "warn",
                CaseAction::StepUp => "step-up",
                _ => "overdue",
            },
            kind: "case",
            entity: id.as_str().to_owned(),
            unit_path: Some(path),
            before: None,
            after: None,
            reason: Some(format!("deadline {}", case.deadline)),
        });
        Ok(Some(action))
    })
}

/// What the system has to do about a case today.
#[must_use]
pub fn due_action(case: &Case, today: NaiveDate, days: &WorkingDays, has_parent: bool) -> Option<CaseAction> {
    if !case.status.is_open() {
        return None;
    }
    let warned = case.warned_at.map(local_date);
    if case.is_overdue(today) {
        return match (has_parent, warned) {
            (true, _) => Some(CaseAction::StepUp),
            (false, Some(warned)) if warned > case.deadline => None,
            (false, _) => Some(CaseAction::Overdue),
        };
    }
    let is_near = case.deadline <= days.after(today, WARNING_WORKING_DAYS);
    (is_near && warned.is_none()).then_some(CaseAction::Warn)
}
