//! The JSON form of problems and rosters: the edge of the library, where ids are text and times are local date-times.
//!
//! A [`ProblemDocument`] (`"format": "paiban-problem/1"`) becomes a [`Problem`](crate::problem::Problem) through
//! [`ProblemDocument::to_problem`], which collects every error it finds; each [`DocumentError`] carries a stable code,
//! a JSON pointer, the cause and what to do about it. A [`RosterDocument`] (`"format": "paiban-roster/1"`) is the whole
//! record of a solve: duties, tier values with their bounds, unmet needs with reasons, and the certificate.
//! docs/instance-format.md describes both for people, [`problem_schema`] and [`roster_schema`] for machines.

pub mod answers;
mod case;
mod differences;
mod error;
mod events;
mod hash;
mod need;
mod network;
mod patch;
mod people;
mod plane;
mod problem;
mod profile;
mod read;
mod reception;
mod reception_from;
mod resolve;
mod roster;
mod roster_from;
mod settled;
mod time;

pub use case::{CaseDocument, SettlementDocument, SettlementKind};
pub use error::{DocumentError, ErrorCode};
pub use events::{EventDocument, resolve_events};
pub use need::{NeedDocument, PostDocument, SkillRequirement};
pub use network::{
    CalendarDay, CalendarDocument, HorizonDocument, LocationDocument, PlaceDocument, RangeDocument, ShiftTypeDocument,
    SkillDocument, UnitDocument,
};
pub use patch::patched;
pub use people::{
    ActiveDocument, CategoryDocument, ContractDocument, HistoryDocument, HostDocument, LimitsDocument, PersonDocument,
    PersonSkillDocument, TypeLimitDocument, WishDocument, WishKindDocument,
};
pub use problem::{PROBLEM_FORMAT, ProblemDocument};
pub use profile::{ProfileDocument, RuleSettingDocument};
pub use read::{MAX_DOCUMENT_BYTES, parse_problem, parse_roster};
pub use reception::{
    MattersDocument, PlannedReceptionDocument, ReceptionDocument, ReceptionOptionDocument, SessionKindDocument,
    VenueDocument,
};
pub use roster::{
    CertificateDocument, DutyDocument, ProfileVersionDocument, ROSTER_FORMAT, RosterDocument, StatusDocument,
    TierDocument, UnmetDocument,
};
pub use roster_from::{reason_en, reason_zh};
pub use settled::SettledDocument;
pub use time::{LocalDateTime, TimeSpan};

use schemars::Schema;

/// The JSON schema of problem documents.
#[must_use]
pub fn problem_schema() -> Schema {
    schemars::schema_for!(ProblemDocument)
}

/// The JSON schema of roster documents.
#[must_use]
pub fn roster_schema() -> Schema {
    schemars::schema_for!(RosterDocument)
}

/// Whether a boolean is false: such fields are left out of documents.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_false(value: &bool) -> bool {
    !*value
}
