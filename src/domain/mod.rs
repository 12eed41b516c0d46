//! The words of the field: ids, entities and their checks, time and chance as parameters. Knows nothing of databases,
//! JSON or HTTP.

mod access;
pub mod audit_chain;
mod catalogue;
mod clock;
mod demand;
mod duty;
mod entropy;
pub mod expand;
mod fault;
mod history;
mod ids;
mod notice;
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
pub use duty::{
    CalendarKey, DutyRecord, ReplanEvent, ReplanKind, ScheduleOverride, ServicePolicy, ServiceRecord, Swap, SwapMode,
    SwapStatus, local,
};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use fault::{BrokenRule, Check, Fault};
pub use history::{AuditDraft, AuditEntry, LedgerWeek};
pub use ids::{
    AccountId, ApiKeyId, AvailabilityId, CalendarKeyId, ChannelId, ContractId, DeliveryId, JobId, LendingId,
    MAX_ID_BYTES, OverrideId, PersonId, PostId, ProfileId, ReplanEventId, ScheduleId, SecondmentId, ShiftTypeId,
    SkillId, StationId, SwapId, TemplateId, TextId, UnitId,
};
pub use notice::{Channel, ChannelKind, Delivery, DeliveryStatus, NoticeWish};
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
