//! Residents' cases as documents write them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_false;
use super::need::SkillRequirement;
use super::network::LocationDocument;
use super::time::LocalDateTime;

/// A resident's case that is open in the horizon: worked by one person from one of a few starts on, escalated,
/// explained or left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseDocument {
    /// Id. A duty at the case names `ID@START` as its need.
    pub id: String,
    /// What it is about, for readers.
    pub name: String,
    /// Id of the unit that has it; what is escalated goes to the unit above.
    pub unit: String,
    /// Where it is worked; distances count as 0 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationDocument>,
    /// Required skill, if any (H03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<SkillRequirement>,
    /// Expected minutes.
    #[schemars(range(min = 1, max = 1440))]
    pub minutes: u16,
    /// Starts from which it can be worked; none when nobody can.
    #[serde(default)]
    pub starts: Vec<LocalDateTime>,
    /// When it has to be worked, escalated or explained by (S11).
    pub deadline: LocalDateTime,
    /// Urgency, 1 (lowest) and up; multiplies the weight of S11.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub urgency: u8,
    /// Id of the person who handled it before (S33).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_handler: Option<String>,
    /// Whether it may be explained to the resident as not solvable for now.
    #[serde(default, skip_serializing_if = "is_false")]
    pub explainable: bool,
    /// Ids of the people who may not handle it (H14).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
}

impl CaseDocument {
    /// What a duty at the case names as its need.
    #[must_use]
    pub fn need_id(&self, start: LocalDateTime) -> String {
        format!("{}@{start}", self.id)
    }
}

/// What becomes of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SettlementKind {
    /// Somebody works it.
    Worked,
    /// It goes up to the unit above.
    Escalated,
    /// It is explained to the resident as not solvable for now.
    Explained,
    /// It waits; its deadline lies after the horizon.
    Waiting,
    /// It is left although its deadline lies in the horizon or before it.
    Late,
}

/// What becomes of a case in a roster, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettlementDocument {
    /// Id of the case.
    pub case: String,
    /// What becomes of it.
    pub settlement: SettlementKind,
    /// The need that a duty at it names, when it is worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// Id of the unit it goes up to, when it is escalated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Why it is not worked, in Chinese; empty when it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_zh: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_en: String,
}

const fn one() -> u8 {
    1
}
