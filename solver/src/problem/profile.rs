//! The constraint profile: which rules are on, at what tier, weight and parameters.

use std::collections::BTreeMap;

use super::rules::{RuleCode, Tier};

/// Setting of one rule; what is left out follows the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// On or off.
    pub on: Option<bool>,
    /// Tier 1 to 3 of a soft rule; benchmark sets put all costs in one tier.
    pub tier: Option<Tier>,
    /// Cost of one unit.
    pub weight: Option<i64>,
    /// Parameters by key.
    pub parameters: BTreeMap<String, i64>,
}

/// A named, versioned set of rule settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Version, counted from 1.
    pub version: u32,
    /// Settings that differ from the catalogue.
    pub rules: BTreeMap<RuleCode, RuleSetting>,
}

impl Profile {
    /// Whether the rule is on.
    #[must_use]
    pub fn is_on(&self, code: RuleCode) -> bool {
        self.rules.get(&code).and_then(|setting| setting.on).unwrap_or(code.info().on)
    }

    /// Tier of the rule.
    #[must_use]
    pub fn tier(&self, code: RuleCode) -> Tier {
        self.rules.get(&code).and_then(|setting| setting.tier).unwrap_or(code.info().tier)
    }

    /// Cost of one unit of violation; 0 when the rule is off.
    #[must_use]
    pub fn weight(&self, code: RuleCode) -> i64 {
        if !self.is_on(code) {
            return 0;
        }
        self.rules.get(&code).and_then(|setting| setting.weight).unwrap_or(code.info().weight)
    }

    /// Value of a parameter; 0 for a key the catalogue does not know.
    #[must_use]
    pub fn parameter(&self, code: RuleCode, key: &str) -> i64 {
        self.rules.get(&code).and_then(|setting| setting.parameters.get(key).copied()).unwrap_or_else(|| {
            code.info()
                .parameters
                .iter()
                .find(|parameter| parameter.key == key)
                .map_or(0, |parameter| parameter.default)
        })
    }
}
