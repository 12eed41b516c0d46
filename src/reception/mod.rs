//! Receptions as use cases: planning and announcing, booking windows, keeping the record, the public notice, which
//! deputy fits, and what is owed in a year.

pub mod announce;
pub mod fit;
pub mod matters;
pub mod notice;
pub mod quota;
pub mod record;

use crate::db::{ConflictKind, DbError};
use crate::domain::Fault;

/// A value of a reception that breaks a rule.
fn invalid(code: &'static str, pointer: &str, cause: impl Into<String>, action: &str) -> DbError {
    DbError::Invalid { kind: "reception", id: String::new(), faults: vec![Fault::new(code, pointer, cause, action)] }
}

/// A state of a reception that does not allow the operation.
fn wrong_state(detail: impl Into<String>) -> DbError {
    DbError::conflict("reception", ConflictKind::State, detail)
}

/// A missing thing that a body names is a wrong reference.
fn missing(error: DbError) -> DbError {
    match error {
        DbError::NotFound { kind, id } => DbError::conflict(
            kind,
            ConflictKind::MissingReference,
            format!("{kind} {id} does not exist; create it first or correct the id"),
        ),
        other => other,
    }
}
