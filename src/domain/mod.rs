//! The words of the field: ids, entities and their checks, time and chance as parameters. Knows nothing of databases,
//! JSON or HTTP.

mod access;
pub mod audit_chain;
mod case;
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
mod reception;
mod schedule;
mod service;
mod sharing;
mod station;
mod text_enum;
mod unit;
mod visit;
mod working_days;

pub use access::{Account, ApiKey, Grant, KeyScope, PlacedGrant, Right, Role, Session, Visible, Who};
pub use case::{
    Acting, Case, CaseAction, CaseCategory, CaseChannel, CaseEvent, CaseMove, CaseStatus, Contact,
    DEFAULT_WORKING_DAYS, MoveRefused, PlannedCase, RESPONSE_WORKING_DAYS, Satisfaction, Settlement, Triage,
};
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
pub(crate) use fault::check_span;
pub use fault::{BrokenRule, Check, Fault};
pub use history::{AuditDraft, AuditEntry, LedgerWeek};
pub use ids::{
    AccountId, ActivityId, ApiKeyId, AvailabilityId, BookingId, CalendarKeyId, CaseCategoryId, CaseId, ChannelId,
    ContractId, DeliveryId, JobId, LendingId, LoanId, MAX_ID_BYTES, NeedId, OverrideId, PersonId, PostId, ProfileId,
    ProjectId, QuotaId, ReceptionId, ReplanEventId, ResourceEventId, ResourceId, ScheduleId, SecondmentId, ShiftTypeId,
    SkillId, StationId, SwapId, TemplateId, TextId, UnitId, VisitId,
};
pub use notice::{Channel, ChannelKind, Delivery, DeliveryStatus, NoticeWish};
pub use person::{Category, Location, Person, PersonSkill};
pub use reception::{
    DEPUTY_RECEPTIONS_A_YEAR, HANDOVER_WORKING_DAYS, Matter, MatterStatus, NOTICE_DAYS, PlannedReception, Quota,
    QuotaKind, Reception, ReceptionStatus,
};
pub use schedule::{
    Assignment, AssignmentSource, Job, JobKind, JobProgress, JobStatus, Milestone, OutcomeStatus, Schedule,
    ScheduleStatus, TierRow, TierTriple, Trail, UnmetNeed,
};
pub use service::{ApartPair, Availability, AvailabilityKind, Lending, Secondment};
pub use sharing::{
    Activity, ActivityItem, ActivityStatus, BaseKind, Booking, BookingSource, BookingStatus, Need, NeedStatus, Project,
    ProjectStatus, Resource, ResourceEvent, ResourceEventKind, ResourceKind, ResourceLoan,
};
pub use station::{HoursDay, OpeningHours, Station, StationKind};
pub use text_enum::TextEnum;
pub use unit::{Unit, UnitLevel};
pub use visit::{PlannedVisit, Visit, VisitStatus, VisitWish};
pub use working_days::{WorkingDays, local_date};

use text_enum::text_enum;
