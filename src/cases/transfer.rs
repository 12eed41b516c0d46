//! Cases of a unit that was merged into another: the other takes over every one of them, open or closed.

use super::moves::By;
use crate::db::{DbError, DbResult, Tx, case_events, cases, units};
use crate::domain::{CaseEvent, CaseMove, Fault, UnitId};

/// Moves every case of a unit, and those that it took in, to another, and answers how many. Nothing about the cases
/// changes but the units; the history keeps the old code.
///
/// # Errors
/// [`DbError::NotFound`] when the first unit does not exist, [`DbError::Conflict`] when the other does not,
/// [`DbError::Invalid`] without a reason or when both are one.
pub fn transfer_cases(tx: &mut Tx<'_>, from: &UnitId, to: &UnitId, by: By<'_>) -> DbResult<usize> {
    let mut faults = Vec::new();
    if from == to {
        faults.push(Fault::new("same-unit", "/to", "a unit cannot take over from itself", "name another unit"));
    }
    let reason = by.reason.map(str::trim).unwrap_or_default();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        faults.push(Fault::new("reason-missing", "/reason", "a transfer needs a reason", "name the decision"));
    }
    if !faults.is_empty() {
        return Err(DbError::Invalid { kind: "case transfer", id: from.as_str().to_owned(), faults });
    }
    units::get(tx, from)?;
    units::get(tx, to).map_err(|error| match error {
        DbError::NotFound { .. } => DbError::conflict(
            "case transfer",
            crate::db::ConflictKind::MissingReference,
            format!("unit {to} does not exist; create it first or correct the code"),
        ),
        other => other,
    })?;
    let ids = cases::of_unit(tx, from)?;
    for id in &ids {
        let mut case = cases::get(tx, id)?;
        if case.unit == *from {
            case.unit = to.clone();
        }
        if case.intake_unit == *from {
            case.intake_unit = to.clone();
        }
        let event = CaseEvent {
            case: case.id.clone(),
            seq: case_events::next_seq(tx, id)?,
            at: by.now,
            actor: by.actor.to_owned(),
            action: CaseMove::Transfer,
            from_status: Some(case.status),
            to_status: case.status,
            unit: case.unit.clone(),
            handler: case.handler.clone(),
            deadline: case.deadline,
            reason: format!("{reason}（{from} → {to}）"),
        };
        cases::update(tx, &case)?;
        case_events::insert_many(tx, &[event])?;
    }
    Ok(ids.len())
}
