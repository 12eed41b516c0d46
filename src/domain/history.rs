//! History: the ledger of past weeks, and who changed what.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::fault::{Check, Fault, check_text};
use super::ids::{AuditId, PersonId, ShiftTypeId};

/// What a person did in one Monday-to-Sunday week, and how runs and totals stand at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerWeek {
    /// Who.
    pub person: PersonId,
    /// The week's Monday.
    pub week_start: NaiveDate,
    /// Minutes worked.
    pub minutes: u32,
    /// Duties done.
    pub duties: u16,
    /// Whether Saturday or Sunday was worked.
    pub weekend_worked: bool,
    /// Evening, weekend and off-day duties.
    pub unsocial_duties: u16,
    /// Working days in a row up to Sunday.
    pub consecutive_days: u16,
    /// Days off in a row up to Sunday; none when unknown.
    pub consecutive_days_off: Option<u16>,
    /// Days in a row on `last_shift_type` up to Sunday.
    pub consecutive_days_of_type: u16,
    /// Shift type of Sunday, if it was worked.
    pub last_shift_type: Option<ShiftTypeId>,
    /// Local end of the last duty ever.
    pub last_duty_end: Option<NaiveDateTime>,
    /// Duties so far in the contract period.
    pub total_duties: u16,
    /// Weekends worked so far in the contract period.
    pub total_weekends: u16,
    /// Minutes above (+) or below (-) the fair share of comparable people.
    pub fairness_minutes: i32,
    /// Unsocial duties above (+) or below (-) the fair share.
    pub fairness_unsocial_duties: i32,
}

/// Who changed what, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Id.
    pub id: AuditId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What was done, a handler's name such as `update_person`.
    pub action: String,
    /// What it was done to, such as `person`.
    pub kind: String,
    /// Id of what it was done to.
    pub entity: String,
    /// State before, JSON.
    pub before: Option<String>,
    /// State after, JSON.
    pub after: Option<String>,
    /// Why, for overrides.
    pub reason: Option<String>,
}

impl Check for AuditEntry {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/reason", self.reason.as_deref().unwrap_or(""), 1000);
        faults
    }
}
