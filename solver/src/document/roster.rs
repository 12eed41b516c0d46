//! The roster document: everything a roster carries.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::SettlementDocument;
use super::error::{DocumentError, ErrorCode};
use super::reception::PlannedReceptionDocument;
use super::resolve::{Errors, index_ids, resolve_duties};
use super::time::LocalDateTime;
use crate::problem::{Duty, Problem};

/// Value of `format` in roster documents.
pub const ROSTER_FORMAT: &str = "paiban-roster/1";

/// A roster with its cost, its unmet needs and its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RosterDocument {
    /// Always `paiban-roster/1`.
    pub format: String,
    /// How the solve ended.
    pub status: StatusDocument,
    /// One-number summary: tier 1 x 1,000,000 + tier 2 x 1,000 + tier 3. Compare tiers, not this.
    pub objective: i64,
    /// No roster has a lower objective than this.
    pub objective_bound: i64,
    /// Value, bound and gap of each tier, tier 1 first.
    pub tiers: Vec<TierDocument>,
    /// Cost of each soft rule that costs anything, by code.
    pub rules: BTreeMap<String, i64>,
    /// Needs below their minimum.
    pub unmet: Vec<UnmetDocument>,
    /// What becomes of each case, in the order of the problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<SettlementDocument>,
    /// What becomes of each reception, in the order of the problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receptions: Vec<PlannedReceptionDocument>,
    /// What is needed to make the roster again.
    pub certificate: CertificateDocument,
    /// Assignments, by person, then start, then need.
    pub duties: Vec<DutyDocument>,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StatusDocument {
    /// Value equals bound in every tier.
    Optimal,
    /// Ended by itself with a gap.
    Feasible,
    /// Ended by cancel or time limit; the best roster so far.
    Stopped,
}

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DutyDocument {
    /// Id of the person.
    pub person: String,
    /// Id of the need.
    pub need: String,
    /// Start; the need's own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<LocalDateTime>,
    /// End; the need's own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<LocalDateTime>,
    /// Name of the person, for readers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_name: Option<String>,
    /// Name of the place, for readers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_name: Option<String>,
}

/// Value and proof of one tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierDocument {
    /// 1 to 3.
    pub tier: u8,
    /// Cost of the roster in this tier.
    pub value: i64,
    /// No roster that keeps the values of the tiers above costs less than this in this tier.
    pub bound: i64,
    /// `(value - bound) / |value|`.
    pub gap: f64,
    /// How the bound was obtained.
    pub method: String,
    /// Seconds spent on the tier, summed over threads.
    pub seconds: f64,
}

/// A need below its minimum, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnmetDocument {
    /// Id of the need.
    pub need: String,
    /// Heads missing from the minimum.
    pub missing: u16,
    /// How many people each rule stops first, by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stopped_by: BTreeMap<String, u32>,
    /// People whom no rule stops but who are needed elsewhere.
    #[serde(default)]
    pub busy_elsewhere: u32,
    /// The reason in Chinese.
    pub reason_zh: String,
    /// The reason in English.
    pub reason_en: String,
}

/// Name and version of a constraint profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileVersionDocument {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
}

/// What is needed to make the roster again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateDocument {
    /// SHA-256 of the problem document's canonical JSON.
    pub input_hash: String,
    /// Constraint profile.
    pub profile: ProfileVersionDocument,
    /// Seed.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// Time limit in seconds.
    pub time_limit_seconds: f64,
    /// Gaps at which improving each tier was to stop, tier 1 first.
    pub gap_limits: [f64; 3],
    /// Parts the problem was split into.
    pub parts: usize,
    /// Wall-clock seconds of the solve.
    pub seconds: f64,
    /// Versions of the programs involved, by name.
    pub versions: BTreeMap<String, String>,
}

impl RosterDocument {
    /// The duties, in the order of the document, as indices of the problem.
    ///
    /// # Errors
    /// `unknown-format`, `unknown-id`, `duty-time` and `duplicate-duty`, all that are found.
    pub fn duties(&self, problem: &Problem) -> Result<Vec<Duty>, Vec<DocumentError>> {
        let mut errors = Errors::default();
        if self.format != ROSTER_FORMAT {
            errors.add(
                ErrorCode::UnknownFormat,
                "/format".to_owned(),
                format!("the format is {:?}, not {ROSTER_FORMAT:?}", self.format),
                "use the program version that wrote the document, or convert the document",
            );
        }
        // The problem's own ids are already known to be unique; what this would complain of cannot be here.
        let mut ignored = Errors::default();
        let people = index_ids("people", problem.people.iter().map(|person| person.id.as_str()), &mut ignored);
        let needs: HashMap<&str, u32> =
            index_ids("needs", problem.needs.iter().map(|need| need.id.as_str()), &mut ignored);
        let duties = resolve_duties("duties", &self.duties, problem, &people, &needs, &mut errors);
        errors.or(duties)
    }
}
