//! Lending a resource for a stated period: never more of it than there is.

use super::booking::clash;
use crate::db::{DbResult, Tx, resource_loans, resources};
use crate::domain::{Fault, ResourceLoan};

/// Lends a resource.
///
/// # Errors
/// [`DbError::Conflict`](crate::db::DbError::Conflict) of kind clash when loans of the period would overlap beyond the
/// quantity, and of a missing reference when resource or unit does not exist.
pub fn lend(tx: &mut Tx<'_>, loan: &ResourceLoan) -> DbResult<()> {
    check_loan(tx, loan)?;
    resource_loans::insert(tx, loan)
}

/// Changes a loan.
///
/// # Errors
/// As for lending, and those of an edit.
pub fn change(tx: &mut Tx<'_>, loan: &ResourceLoan) -> DbResult<i64> {
    check_loan(tx, loan)?;
    resource_loans::update(tx, loan)
}

fn check_loan(tx: &mut Tx<'_>, loan: &ResourceLoan) -> DbResult<()> {
    let resource = resources::lock(tx, &loan.resource).map_err(|error| match error {
        crate::db::DbError::NotFound { kind, id } => crate::db::DbError::conflict(
            kind,
            crate::db::ConflictKind::MissingReference,
            format!("{kind} {id} does not exist; create it first or correct the id"),
        ),
        other => other,
    })?;
    if loan.unit == resource.unit {
        return Err(crate::db::DbError::Invalid {
            kind: "loan",
            id: loan.id.as_str().to_owned(),
            faults: vec![Fault::new("loan-to-owner", "/unit", "the unit owns it already", "name another unit")],
        });
    }
    let others: Vec<ResourceLoan> =
        resource_loans::of_resource(tx, &loan.resource)?.into_iter().filter(|other| other.id != loan.id).collect();
    // What is lent at once can only rise on a day on which a loan begins.
    let begins = others.iter().map(|other| other.from_date.max(loan.from_date)).chain([loan.from_date]);
    let most = begins
        .filter(|day| loan.covers(*day))
        .map(|day| others.iter().filter(|other| other.covers(day)).map(|other| u64::from(other.quantity)).sum::<u64>())
        .max()
        .unwrap_or(0);
    if most + u64::from(loan.quantity) > u64::from(resource.quantity) {
        return Err(clash(format!(
            "{} is lent already between {} and {} ({most} of {}); choose another period",
            resource.name, loan.from_date, loan.to_date, resource.quantity
        )));
    }
    Ok(())
}
