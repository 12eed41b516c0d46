//! What can be wrong with a document, with stable codes.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal;)*) => {
        /// Stable code of a document error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $name),* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it stands in messages and in the REST interface.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

codes! {
    /// The text is not JSON, or is cut off.
    NotJson "not-json";
    /// The document is larger than accepted.
    TooLarge "too-large";
    /// A field that the format does not know.
    UnknownField "unknown-field";
    /// A required field is missing.
    MissingField "missing-field";
    /// A value of the wrong JSON type, or a number that does not fit.
    WrongType "wrong-type";
    /// A word that is not one of the allowed ones.
    UnknownWord "unknown-word";
    /// A date or date-time that does not exist or is written differently.
    ImpossibleDate "impossible-date";
    /// The `format` tag is not the expected one.
    UnknownFormat "unknown-format";
    /// An empty id.
    EmptyId "empty-id";
    /// Two entities of one kind share an id.
    DuplicateId "duplicate-id";
    /// A reference to an id that is not defined.
    UnknownId "unknown-id";
    /// The unit tree has a cycle.
    UnitCycle "unit-cycle";
    /// An end that is not after its start.
    ReversedTime "reversed-time";
    /// A time outside the horizon.
    OutsideHorizon "outside-horizon";
    /// A least value above the greatest value that belongs to it.
    MinAboveMax "min-above-max";
    /// A number outside its allowed range.
    OutOfRange "out-of-range";
    /// A day of the horizon that the calendar does not cover.
    CalendarMissing "calendar-missing";
    /// Two calendar entries for one date.
    DuplicateCalendarDay "duplicate-calendar-day";
    /// A rule code that the catalogue does not know.
    UnknownRule "unknown-rule";
    /// A parameter that the rule does not have.
    UnknownParameter "unknown-parameter";
    /// A tier that the rule cannot be in.
    WrongTier "wrong-tier";
    /// A duty whose time is not that of its post.
    DutyTime "duty-time";
    /// The same person twice at the same need.
    DuplicateDuty "duplicate-duty";
    /// A pair of the same person.
    SelfPair "self-pair";
    /// The problem as a whole fails a consistency check of the solver.
    Inconsistent "inconsistent";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One error of a document: where it is, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code} at {pointer:?}: {cause}; {action}")]
pub struct DocumentError {
    /// Stable code.
    pub code: ErrorCode,
    /// JSON pointer (RFC 6901) to the offending value; empty for the whole document.
    pub pointer: String,
    /// What is wrong.
    pub cause: String,
    /// What to do about it.
    pub action: String,
}
