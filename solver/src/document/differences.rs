//! Two rosters side by side as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::explain::compare::Difference;
use crate::problem::Tier;

/// Two values of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BeforeAfter {
    /// In the first roster.
    pub before: i64,
    /// In the second.
    pub after: i64,
}

/// A duty by ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedDutyDocument {
    /// Id of the person.
    pub person: String,
    /// Id of the need.
    pub need: String,
}

/// Two rosters side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceDocument {
    /// Tiers, by number.
    pub tiers: BTreeMap<u8, BeforeAfter>,
    /// Rules whose cost differs.
    pub rules: BTreeMap<String, BeforeAfter>,
    /// Ids of the people whose duties differ.
    pub people: Vec<String>,
    /// Duties of the first roster alone.
    pub removed: Vec<NamedDutyDocument>,
    /// Duties of the second roster alone.
    pub added: Vec<NamedDutyDocument>,
}

impl From<Difference> for DifferenceDocument {
    fn from(difference: Difference) -> Self {
        let duties = |list: std::collections::BTreeSet<(String, String)>| {
            list.into_iter().map(|(person, need)| NamedDutyDocument { person, need }).collect()
        };
        let tiers = [Tier::Residents, Tier::Obligations, Tier::Quality].into_iter().zip(0..);
        Self {
            tiers: tiers
                .map(|(tier, at): (Tier, usize)| {
                    (tier.number(), BeforeAfter { before: difference.before[at], after: difference.after[at] })
                })
                .collect(),
            rules: difference
                .rules
                .into_iter()
                .map(|(code, (before, after))| (code.to_string(), BeforeAfter { before, after }))
                .collect(),
            people: difference.people.into_iter().collect(),
            removed: duties(difference.removed),
            added: duties(difference.added),
        }
    }
}
