//! The constraint profile as documents write it: settings by rule code.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A named, versioned set of rule settings; rules that are not named follow the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileDocument {
    /// Name.
    pub name: String,
    /// Version, counted from 1.
    #[schemars(range(min = 1))]
    pub version: u32,
    /// Settings by rule code, such as `H06` or `S22`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, RuleSettingDocument>,
}

impl Default for ProfileDocument {
    fn default() -> Self {
        Self { name: "default".to_owned(), version: 1, rules: BTreeMap::new() }
    }
}

/// Setting of one rule; what is left out follows the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuleSettingDocument {
    /// On or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Tier of a soft rule, 1 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    pub tier: Option<u8>,
    /// Cost of one unit of violation, 0 and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// Parameters by key, as the catalogue names them (snake_case, unit in the name).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, i64>,
}
