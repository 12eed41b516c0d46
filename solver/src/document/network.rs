//! Horizon, calendar, units, places, skills and shift types as documents write them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_false;
use super::time::TimeSpan;

/// The planned stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HorizonDocument {
    /// First day.
    pub start: NaiveDate,
    /// Number of days, 1 to 366; 7 for a week.
    #[schemars(range(min = 1, max = 366))]
    pub days: u16,
}

/// Statutory calendar: which days of the horizon are off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDocument {
    /// Accept a draft: days that are not listed count as off on Saturdays and Sundays. Without this, every day of the
    /// horizon must be listed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub draft: bool,
    /// Days, in any order; days outside the horizon are ignored.
    #[serde(default)]
    pub days: Vec<CalendarDay>,
}

/// One day of the statutory calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDay {
    /// Date.
    pub date: NaiveDate,
    /// Off (weekend or holiday) or a working day (make-up workdays included).
    pub off: bool,
    /// Name of the holiday, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the entry comes from, such as the number of the official notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A node of the unit tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitDocument {
    /// Statutory code as text, such as `220102001000`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Id of the parent; left out for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Whether this is a street or township: the main planning unit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub street: bool,
    /// Cases that the units right below may hand up to it within the horizon; the profile's `escalations` of S35 when
    /// left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalations: Option<u32>,
}

/// A geographical position (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocationDocument {
    /// Degrees north, -85 to 85.
    #[schemars(range(min = -85, max = 85))]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[schemars(range(min = -180, max = 180))]
    pub longitude: f64,
}

/// A station, service point, venue or address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceDocument {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Id of the unit it belongs to.
    pub unit: String,
    /// Position; distances to a place without one count as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationDocument>,
    /// Opening hours over the horizon (H12); left out for a place that is always open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Vec<TimeSpan>>,
}

/// A skill or certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SkillDocument {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
}

/// An inclusive range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RangeDocument {
    /// Least; 0 for none.
    #[serde(default)]
    pub min: u16,
    /// Most; left out for no upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
}

/// A kind of shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftTypeDocument {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Ids of the types that may not follow on the next calendar day (H06).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden_next: Vec<String>,
    /// Soft range of consecutive days on this type (S37).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consecutive_days: Option<RangeDocument>,
}
