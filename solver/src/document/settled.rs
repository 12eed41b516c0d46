//! What a roster that was not solved anew, such as a replan, means for cases and receptions.

use super::case::SettlementDocument;
use super::reception::PlannedReceptionDocument;
use super::reception_from::planned_reception;
use super::roster::DutyDocument;
use super::roster_from::{duty_document, settlement_document};
use crate::check::check;
use crate::explain::street::by_person;
use crate::explain::{receptions, unmet};
use crate::model::candidates::Network;
use crate::problem::{Duty, Problem};

/// What becomes of cases and receptions, and the duties of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledDocument {
    /// What becomes of each case, and why.
    pub cases: Vec<SettlementDocument>,
    /// What becomes of each reception, and why.
    pub receptions: Vec<PlannedReceptionDocument>,
    /// Duties with their times.
    pub duties: Vec<DutyDocument>,
}

impl SettledDocument {
    /// Judges a roster of a problem.
    #[must_use]
    pub fn new(problem: &Problem, duties: &[Duty]) -> Self {
        let report = check(problem, duties);
        let own = by_person(problem, duties);
        let cases = unmet::explain(&Network::new(problem), &own, &report.settlements).1;
        let held = receptions::explain(problem, &own, &report.held);
        Self {
            cases: cases.iter().filter_map(|settled| settlement_document(problem, settled)).collect(),
            receptions: held.iter().filter_map(|settled| planned_reception(problem, settled)).collect(),
            duties: duties.iter().filter_map(|duty| duty_document(problem, duty)).collect(),
        }
    }
}
