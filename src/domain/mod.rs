//! The words of the field: ids, entities and their checks, time and chance as parameters. Knows nothing of databases,
//! JSON or HTTP.

mod clock;
mod entropy;
mod fault;
mod ids;
mod person;
mod text_enum;
mod unit;

pub use clock::{Clock, FixedClock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use fault::{Check, Fault};
pub use ids::{
    AuditId, AvailabilityId, ContractId, JobId, LendingId, MAX_ID_BYTES, PersonId, PostId, ProfileId, ScheduleId,
    SecondmentId, ShiftTypeId, SkillId, StationId, TemplateId, TextId, UnitId,
};
pub use person::{Category, Location, Person, PersonSkill};
pub use text_enum::TextEnum;
pub use unit::{Unit, UnitLevel};

use text_enum::text_enum;
