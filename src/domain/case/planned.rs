//! What a planned roster decides about a case.

use chrono::NaiveDate;

use super::super::ids::{CaseId, PersonId, ScheduleId, UnitId};
use super::super::text_enum;

text_enum! {
    /// What becomes of a case in a roster.
    Settlement {
        /// A named person works it at a stated time.
        Worked = "worked",
        /// It goes up to the parent unit.
        Escalated = "escalated",
        /// It is to be explained to the resident as not solvable for now.
        Explained = "explained",
        /// It waits; its deadline lies after the week.
        Waiting = "waiting",
        /// It is left although its deadline lies in the week or before it.
        Late = "late",
    }
}

/// A decision of a roster about a case: a proposal until the roster is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCase {
    /// Schedule.
    pub schedule: ScheduleId,
    /// Case.
    pub case: CaseId,
    /// Unit that answered for the case when it was planned.
    pub unit: UnitId,
    /// What becomes of it.
    pub settlement: Settlement,
    /// Who works it, when it is worked.
    pub person: Option<PersonId>,
    /// On which day.
    pub date: Option<NaiveDate>,
    /// From which minute of the day.
    pub start_minute: Option<u16>,
    /// To which minute of the day.
    pub end_minute: Option<u16>,
    /// Why it is not worked, in Chinese; empty when it is.
    pub reason_zh: String,
    /// The same in English.
    pub reason_en: String,
    /// Whether publication has moved the case accordingly.
    pub is_carried_out: bool,
}
