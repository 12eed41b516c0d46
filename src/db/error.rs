//! What can go wrong in the database, in words of the caller: no diesel, no constraint names.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use thiserror::Error;

use crate::domain::{BrokenRule, Fault};

/// Result of every database function.
pub type DbResult<T> = Result<T, DbError>;

/// Why an operation met a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictKind {
    /// An entity with this id, or in this place, exists.
    Duplicate,
    /// Something that the entity refers to does not exist.
    MissingReference,
    /// Other entities refer to the entity.
    StillReferenced,
    /// The state of the entity does not allow the operation.
    State,
    /// It would rewrite what has been in force already.
    Past,
    /// Somebody else has the resource or the person at that time, or there is not enough of it.
    Clash,
    /// Every place of the window is taken.
    Full,
    /// The roster that it is bound to has changed meanwhile.
    Replanned,
    /// Its time has passed, or has not come.
    Time,
}

impl ConflictKind {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::MissingReference => "missing-reference",
            Self::StillReferenced => "still-referenced",
            Self::State => "wrong-state",
            Self::Past => "past-published",
            Self::Clash => "booking-clash",
            Self::Full => "window-full",
            Self::Replanned => "base-replanned",
            Self::Time => "wrong-time",
        }
    }
}

/// What a statement was about to do: decides what a violated foreign key means, since SQLite names no constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Reading.
    Read,
    /// Adding or changing.
    Store,
    /// Removing.
    Delete,
}

/// What can go wrong in the database.
#[derive(Debug, Error)]
pub enum DbError {
    /// There is no such entity.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// What was looked for, such as `unit`.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// Somebody else has edited the entity since it was read.
    #[error("{kind} {id} is at version {actual}, not {expected}: read it again, then repeat the edit")]
    Stale {
        /// What was edited.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Version that the caller read.
        expected: i64,
        /// Version stored.
        actual: i64,
    },
    /// The operation contradicts what is stored.
    #[error("{kind}: {detail}")]
    Conflict {
        /// What was stored or removed.
        kind: &'static str,
        /// Why.
        reason: ConflictKind,
        /// In words, with what to do.
        detail: String,
    },
    /// The entity has faults of its own.
    #[error("{kind} {id} is not sound: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid {
        /// What was to be stored.
        kind: &'static str,
        /// Its id.
        id: String,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// The change would break rules.
    #[error("it would break {}", broken.iter().map(|one| format!("{}: {}", one.rule, one.en)).collect::<Vec<_>>().join("; "))]
    Breaks {
        /// What it would break.
        broken: Vec<BrokenRule>,
    },
    /// The author of the change may not make it.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// The database is locked, or every connection is in use; trying again later helps.
    #[error("the database is busy: try again in a few seconds ({0})")]
    Busy(String),
    /// No space is left for the database.
    #[error("the database's disk is full: free some space; nothing was half-written ({0})")]
    DiskFull(String),
    /// The database cannot be reached or opened.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The database URL is not understood.
    #[error("database URL {url:?} is not understood: {cause}")]
    BadUrl {
        /// The URL, its password hidden.
        url: String,
        /// What is wrong and what to do.
        cause: String,
    },
    /// The schema lacks migrations.
    #[error("the database lacks {0} migration(s): run `paiban migrate`")]
    NotMigrated(usize),
    /// A stored value cannot be read.
    #[error("stored value {value:?} in {table}.{column} cannot be read: restore a backup or correct it by hand")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Value found.
        value: String,
    },
    /// Anything else: a fault of this program or of the database.
    #[error("the database refused a statement: {0}")]
    Internal(String),
}

impl DbError {
    /// Stable English code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not-found",
            Self::Stale { .. } => "stale",
            Self::Conflict { reason, .. } => reason.code(),
            Self::Invalid { .. } => "invalid",
            Self::Breaks { .. } => "rule-broken",
            Self::Forbidden(_) => "forbidden",
            Self::Busy(_) => "database-busy",
            Self::DiskFull(_) => "disk-full",
            Self::Unavailable(_) => "database-unavailable",
            Self::BadUrl { .. } => "bad-database-url",
            Self::NotMigrated(_) => "not-migrated",
            Self::Corrupt { .. } => "stored-value-corrupt",
            Self::Internal(_) => "database-error",
        }
    }

    /// A conflict.
    pub(crate) fn conflict(kind: &'static str, reason: ConflictKind, detail: impl Into<String>) -> Self {
        Self::Conflict { kind, reason, detail: detail.into() }
    }

    /// A missing entity.
    pub(crate) fn not_found(kind: &'static str, id: impl Into<String>) -> Self {
        Self::NotFound { kind, id: id.into() }
    }

    /// Says what a failed statement means to the caller.
    #[expect(clippy::needless_pass_by_value, reason = "used as the argument of map_err")]
    pub(super) fn from_diesel(error: DieselError, kind: &'static str, verb: Verb) -> Self {
        match &error {
            DieselError::NotFound => Self::not_found(kind, ""),
            DieselError::DatabaseError(reason, information) => {
                let message = information.message();
                match reason {
                    DatabaseErrorKind::UniqueViolation => Self::conflict(
                        kind,
                        ConflictKind::Duplicate,
                        format!(
                            "one with the same id or the same place exists; change that {kind} or choose another id"
                        ),
                    ),
                    DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation
                        if verb == Verb::Delete =>
                    {
                        Self::conflict(
                            kind,
                            ConflictKind::StillReferenced,
                            "others refer to it; remove those or point them elsewhere first",
                        )
                    }
                    DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => Self::conflict(
                        kind,
                        ConflictKind::MissingReference,
                        "it refers to something that does not exist; create that first or correct the id",
                    ),
                    DatabaseErrorKind::SerializationFailure => Self::Busy(message.to_owned()),
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                        Self::Unavailable(message.to_owned())
                    }
                    _ => Self::from_message(message),
                }
            }
            _ => Self::Internal(error.to_string()),
        }
    }

    /// SQLite reports most failures as kind `Unknown`, so its message has to tell them apart.
    pub(super) fn from_message(message: &str) -> Self {
        let lower = message.to_ascii_lowercase();
        let says = |texts: &[&str]| texts.iter().any(|text| lower.contains(text));
        if says(&["database is locked", "database table is locked", "deadlock", "too many clients", "lock timeout"]) {
            Self::Busy(message.to_owned())
        } else if says(&["disk is full", "no space left", "could not extend file", "disk i/o error"]) {
            Self::DiskFull(message.to_owned())
        } else if says(&["unable to open", "connection", "terminating", "shutting down", "starting up", "readonly"]) {
            Self::Unavailable(message.to_owned())
        } else {
            Self::Internal(message.to_owned())
        }
    }
}
