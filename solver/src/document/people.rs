//! People as documents write them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_false;
use super::network::{LocationDocument, RangeDocument};
use super::time::{LocalDateTime, TimeSpan};

/// Category of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CategoryDocument {
    /// 挂职干部: staff.
    SecondedCadre,
    /// 分流人员: staff.
    ReassignedStaff,
    /// 招聘人员: staff.
    RecruitedStaff,
    /// 党员志愿者
    Volunteer,
    /// 两代表一委员
    Deputy,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonDocument {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Category.
    pub category: CategoryDocument,
    /// Id of the home unit.
    pub home_unit: String,
    /// Home position, for travel and the distance limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<LocationDocument>,
    /// Skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<PersonSkillDocument>,
    /// Ids of the units whose subtrees the person may serve in (H10); the home unit alone when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Vec<String>>,
    /// Greatest distance from home to a place in metres (H10); no limit when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_distance_metres: Option<u32>,
    /// Dates of secondment or membership (H02); the whole horizon when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<ActiveDocument>,
    /// Unavailable times, leave included (H02).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<TimeSpan>,
    /// Hard limits of this person; the profile's defaults when left out.
    #[serde(default, skip_serializing_if = "LimitsDocument::is_default")]
    pub limits: LimitsDocument,
    /// Obligations and soft ranges.
    #[serde(default, skip_serializing_if = "ContractDocument::is_default")]
    pub contract: ContractDocument,
    /// A trainee does not count as a head (S23).
    #[serde(default, skip_serializing_if = "is_false")]
    pub trainee: bool,
    /// A newcomer never serves alone (S23).
    #[serde(default, skip_serializing_if = "is_false")]
    pub newcomer: bool,
    /// Preferences (S30).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<WishDocument>,
    /// Ids of the places served in earlier weeks (S33).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub familiar_places: Vec<String>,
    /// What happened before the horizon; left out for a new person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryDocument>,
}

/// A skill that a person has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonSkillDocument {
    /// Id of the skill.
    pub id: String,
    /// Level, 1 and up.
    #[schemars(range(min = 1))]
    pub level: u8,
    /// Last day on which the certificate is valid; left out when it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
}

/// First and last day (inclusive) of service; an end left out is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActiveDocument {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// Hard limits of one person (tier 0); what is left out follows the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LimitsDocument {
    /// H04: most minutes on one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_minutes_day: Option<u32>,
    /// H04: most duties on one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duties_day: Option<u16>,
    /// H05: most minutes in one Monday-to-Sunday week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_minutes_week: Option<u32>,
    /// H05: most duties in one Monday-to-Sunday week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duties_week: Option<u16>,
    /// H05: most minutes in any four consecutive weeks, history included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_minutes_four_weeks: Option<u32>,
    /// H05: least minutes in the whole horizon, as a hard rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_minutes_horizon: Option<u32>,
    /// H05: most minutes in the whole horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_minutes_horizon: Option<u32>,
    /// H06: least minutes of rest between duties of different days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rest_minutes: Option<u32>,
    /// H07: most consecutive working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_consecutive_days: Option<u16>,
    /// H07: least consecutive working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_consecutive_days: Option<u16>,
    /// H07: least consecutive days off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_consecutive_days_off: Option<u16>,
    /// H08: most weekends worked in any four weeks, history included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_weekends_four_weeks: Option<u16>,
    /// H08: most weekends worked in the whole horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_weekends_horizon: Option<u16>,
    /// H09: most duties of single shift types in the horizon.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub max_duties_of_type: Vec<TypeLimitDocument>,
    /// H13: most receptions as a deputy in the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_receptions: Option<u16>,
}

impl LimitsDocument {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Most duties of one shift type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TypeLimitDocument {
    /// Id of the shift type.
    pub shift_type: String,
    /// Most duties in the horizon.
    pub max: u16,
}

/// Obligations and soft ranges of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ContractDocument {
    /// S20: least minutes in each Monday-to-Sunday week.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_minutes_week: u32,
    /// S20: the host unit of a seconded cadre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<HostDocument>,
    /// S38: soft range of consecutive working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_days: Option<RangeDocument>,
    /// S38: soft range of consecutive days off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_days_off: Option<RangeDocument>,
    /// S39: soft range of the number of duties in the contract period, history included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_duties: Option<RangeDocument>,
    /// S39: soft most weekends worked in the contract period, history included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total_weekends: Option<u16>,
    /// S40: weekends are to be worked whole or not at all.
    #[serde(skip_serializing_if = "is_false")]
    pub complete_weekends: bool,
}

impl ContractDocument {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Host unit of a seconded cadre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostDocument {
    /// Id of the host unit.
    pub unit: String,
    /// Least minutes a week in its subtree.
    pub min_minutes_week: u32,
}

/// Whether a wish asks for work or for its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum WishKindDocument {
    /// Costs its weight once when no matching duty is given.
    Want,
    /// Costs its weight for each matching duty given.
    Avoid,
}

/// A preference (S30): a duty matches when it overlaps the span and fits the other fields that are set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WishDocument {
    /// Work or no work.
    pub kind: WishKindDocument,
    /// Start of the time.
    pub start: LocalDateTime,
    /// End of the time.
    pub end: LocalDateTime,
    /// Only this shift type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_type: Option<String>,
    /// Only this place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Cost, multiplied by the profile's S30 weight; at least 1.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub weight: u16,
}

const fn one() -> u16 {
    1
}

/// What happened before the horizon, as far as rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HistoryDocument {
    /// Minutes worked in the last three weeks, oldest first.
    pub minutes_last_three_weeks: [u32; 3],
    /// Whether the weekends of the last three weeks were worked, oldest first.
    pub weekends_last_three_weeks: [bool; 3],
    /// Working days in a row up to the day before the horizon.
    pub consecutive_days: u16,
    /// Days off in a row up to the day before the horizon; left out when unknown or 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_days_off: Option<u16>,
    /// Days in a row on `lastShiftType` up to the day before the horizon.
    pub consecutive_days_of_type: u16,
    /// Id of the shift type of the last day before the horizon, if that day was worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_shift_type: Option<String>,
    /// End of the last duty, if within the last two days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_duty_end: Option<LocalDateTime>,
    /// Duties so far in the contract period (S39).
    pub total_duties: u16,
    /// Weekends worked so far in the contract period (S39).
    pub total_weekends: u16,
    /// Ledger of fairness (S31): minutes above (+) or below (-) the fair share of comparable people.
    pub fairness_minutes: i32,
    /// Ledger of fairness (S31): evening and weekend duties above (+) or below (-) the fair share.
    pub fairness_unsocial_duties: i32,
}
