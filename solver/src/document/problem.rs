//! The problem document as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::CaseDocument;
use super::error::DocumentError;
use super::hash::canonical_hash;
use super::need::NeedDocument;
use super::network::{
    CalendarDocument, HorizonDocument, PlaceDocument, ShiftTypeDocument, SkillDocument, UnitDocument,
};
use super::people::PersonDocument;
use super::profile::ProfileDocument;
use super::reception::{ReceptionDocument, VenueDocument};
use super::resolve;
use super::roster::DutyDocument;
use crate::problem::Problem;

/// Value of `format` in problem documents.
pub const PROBLEM_FORMAT: &str = "paiban-problem/1";

/// A whole rostering problem: the input of a solve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProblemDocument {
    /// Always `paiban-problem/1`.
    pub format: String,
    /// Free text for people: what this is, who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Days to plan.
    pub horizon: HorizonDocument,
    /// Statutory calendar.
    pub calendar: CalendarDocument,
    /// Unit tree, in any order.
    pub units: Vec<UnitDocument>,
    /// Places.
    pub places: Vec<PlaceDocument>,
    /// Skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillDocument>,
    /// Shift types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shift_types: Vec<ShiftTypeDocument>,
    /// People.
    pub people: Vec<PersonDocument>,
    /// Needs, of every kind.
    pub needs: Vec<NeedDocument>,
    /// Residents' cases that are open in the horizon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseDocument>,
    /// Receptions to be held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receptions: Vec<ReceptionDocument>,
    /// Rooms that receptions take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<VenueDocument>,
    /// Pairs of ids of people who may not share a post (H14).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<[String; 2]>,
    /// Rules, parameters, weights; the catalogue's own when left out.
    #[serde(default)]
    pub profile: ProfileDocument,
    /// Assignments that stay (H15).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<DutyDocument>,
    /// The published roster, for the least change (S34).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<DutyDocument>,
}

impl ProblemDocument {
    /// A document without units, places, people or needs, over the given horizon.
    #[must_use]
    pub fn empty(horizon: HorizonDocument, calendar: CalendarDocument) -> Self {
        Self {
            format: PROBLEM_FORMAT.to_owned(),
            description: None,
            horizon,
            calendar,
            units: Vec::new(),
            places: Vec::new(),
            skills: Vec::new(),
            shift_types: Vec::new(),
            people: Vec::new(),
            needs: Vec::new(),
            cases: Vec::new(),
            receptions: Vec::new(),
            venues: Vec::new(),
            apart: Vec::new(),
            profile: ProfileDocument::default(),
            pins: Vec::new(),
            published: Vec::new(),
        }
    }

    /// The problem with indices for ids and minutes for date-times.
    ///
    /// People, needs, places, skills and shift types keep their order; units are put in an order in which parents stand
    /// before their children. Geographical positions become metres on a plane around their mean.
    ///
    /// # Errors
    /// Every error found, each with its code, JSON pointer, cause and action.
    pub fn to_problem(&self) -> Result<Problem, Vec<DocumentError>> {
        resolve::to_problem(self)
    }

    /// SHA-256, in lower-case hex, of the canonical JSON: compact, fields in the order of the schema, defaults left out.
    #[must_use]
    pub fn input_hash(&self) -> String {
        canonical_hash(self)
    }
}
