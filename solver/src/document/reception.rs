//! Receptions, visits and their rooms as documents write them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_false;
use super::time::{LocalDateTime, TimeSpan};

/// A room that one reception has at a time (H11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VenueDocument {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// When others have it, or it is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<TimeSpan>,
}

/// What a reception is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SessionKindDocument {
    /// Deputies receive residents, beside a host.
    #[default]
    Reception,
    /// Somebody visits residents, without a host.
    Visit,
}

/// A reception that is to be held in the horizon: some deputies, a host and perhaps a room, within one of a few spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceptionDocument {
    /// Id. Duties name `ID@START` as the need of its deputies and `ID@START#host` as that of its host.
    pub id: String,
    /// Whether deputies receive, or somebody makes a visit: then `deputies` are those who may make it, whoever they are.
    #[serde(default, skip_serializing_if = "is_reception")]
    pub kind: SessionKindDocument,
    /// Id of the place where it is held.
    pub place: String,
    /// How long it lasts.
    #[schemars(range(min = 1, max = 1440))]
    pub minutes: u16,
    /// When it may be held; none when it cannot be.
    #[serde(default)]
    pub options: Vec<ReceptionOptionDocument>,
    /// Ids of the deputies who may receive.
    pub deputies: Vec<String>,
    /// Deputies who receive together.
    #[serde(default = "one_seat", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1))]
    pub seats: u16,
    /// Ids of those who may be host; every member of staff of the place's scope when left out. A visit has no host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// First date on which residents have had their notice (H13); the first of the horizon when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<NaiveDate>,
    /// Whether residents know of it already, so that no notice is asked for.
    #[serde(default, skip_serializing_if = "is_false")]
    pub announced: bool,
    /// How far the quota is behind, 1 and up; multiplies the weight of S21.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub priority: u8,
    /// Booked matters by domain (S36).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<MattersDocument>,
}

/// A time at which a reception may be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceptionOptionDocument {
    /// Start.
    pub start: LocalDateTime,
    /// Id of the room it takes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// How far it is from what was wanted (S30).
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub weight: u16,
}

/// Booked matters that fall into one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MattersDocument {
    /// Id of the skill that the domain is.
    pub skill: String,
    /// How many.
    pub count: u16,
}

impl ReceptionDocument {
    /// What a duty of a deputy names as its need.
    #[must_use]
    pub fn need_id(&self, start: LocalDateTime) -> String {
        format!("{}@{start}", self.id)
    }

    /// Whether it is a visit.
    #[must_use]
    pub const fn is_visit(&self) -> bool {
        matches!(self.kind, SessionKindDocument::Visit)
    }

    /// What a duty of the host names as its need; a visit has none such.
    #[must_use]
    pub fn host_need_id(&self, start: LocalDateTime) -> String {
        format!("{}@{start}#host", self.id)
    }
}

/// What becomes of a reception in a roster, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedReceptionDocument {
    /// Id of the reception.
    pub reception: String,
    /// Whether it is held.
    pub held: bool,
    /// When, if it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<LocalDateTime>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<LocalDateTime>,
    /// Ids of the deputies who receive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deputies: Vec<String>,
    /// Id of the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Id of the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// Why it is not held, in Chinese; empty when it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_zh: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_en: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_nothing(weight: &u16) -> bool {
    *weight == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_reception(kind: &SessionKindDocument) -> bool {
    matches!(kind, SessionKindDocument::Reception)
}

const fn one() -> u8 {
    1
}

const fn one_seat() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_one(seats: &u16) -> bool {
    *seats == 1
}
