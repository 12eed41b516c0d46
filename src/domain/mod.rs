//! The words of the field: ids, entities and their checks, time and chance as parameters. Knows nothing of databases,
//! JSON or HTTP.

mod access;
pub mod audit_chain;
mod catalogue;
mod clock;
mod demand;
mod entropy;
pub mod expand;
mod fault;
mod history;
mod ids;
mod person;
mod schedule;
mod service;
mod station;
mod text_enum;
mod unit;

pub use access::{Account, ApiKey, Grant, KeyScope, PlacedGrant, Right, Role, Session, Visible, Who};
pub use catalogue::{
    CalendarDay, CalendarYear, ConstraintProfile, Contract, ProfileVersion, ShiftType, Skill, TypeLimit,
};
pub use clock::{Clock, FixedClock, SystemClock};
pub use demand::{DaySet, DemandTemplate, Post};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use fault::{Check, Fault};
pub use history::{AuditDraft, AuditEntry, LedgerWeek};
pub use ids::{
    AccountId, ApiKeyId, AvailabilityId, ContractId, JobId, LendingId, MAX_ID_BYTES, PersonId, PostId, ProfileId,
    ScheduleId, SecondmentId, ShiftTypeId, SkillId, StationId, TemplateId, TextId, UnitId,
};
pub use person::{Category, Location, Person, PersonSkill};
pub use schedule::{
    Assignment, AssignmentSource, Job, JobKind, JobProgress, JobStatus, OutcomeStatus, Schedule, ScheduleStatus,
    TierRow, TierTriple, UnmetNeed,
};
pub use service::{ApartPair, Availability, AvailabilityKind, Lending, Secondment};
pub use station::{HoursDay, OpeningHours, Station, StationKind};
pub use text_enum::TextEnum;
pub use unit::{Unit, UnitLevel};

use text_enum::text_enum;
