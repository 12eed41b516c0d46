//! History: the ledger of past weeks, and who changed what.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::ids::{PersonId, ShiftTypeId};

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

/// Who changed what, and why: what a change tells the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDraft {
    /// What was done, such as `create` or `publish`.
    pub action: &'static str,
    /// What it was done to, such as `person`.
    pub kind: &'static str,
    /// Id of what it was done to.
    pub entity: String,
    /// Path of the unit that it belongs to; none for what belongs to the whole network.
    pub unit_path: Option<String>,
    /// State before, JSON, without what readers may not see.
    pub before: Option<String>,
    /// State after, JSON, without what readers may not see.
    pub after: Option<String>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

/// An entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Number, from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What was done, such as `create` or `publish`.
    pub action: String,
    /// What it was done to, such as `person`.
    pub kind: String,
    /// Id of what it was done to.
    pub entity: String,
    /// Path of the unit that it belongs to; none for what belongs to the whole network.
    pub unit_path: Option<String>,
    /// State before, JSON; none also when erased.
    pub before: Option<String>,
    /// State after, JSON; none also when erased.
    pub after: Option<String>,
    /// Why; none also when erased.
    pub reason: Option<String>,
    /// Makes the payload's digest unguessable; none when the payload has been erased.
    pub salt: Option<String>,
    /// Digest of salt, before, after and reason.
    pub payload_hash: String,
    /// Hash of the entry before; 64 zeros for the first.
    pub previous_hash: String,
    /// Digest of all of this but the payload itself.
    pub hash: String,
}
