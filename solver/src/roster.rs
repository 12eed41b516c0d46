//! What a solve returns: the roster, its tier values and certificate, and the needs left unmet.

use std::collections::BTreeMap;

use crate::problem::{CaseIx, Duty, NeedIx, PersonIx, ReceptionIx, RuleCode, Settlement, Tier};

/// Value per tier; index 0 is tier 1.
pub type TierValues = [i64; 3];

/// Cost of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// Cost per tier, tier 1 first.
    pub tiers: TierValues,
    /// Cost per soft rule; their sum per tier equals `tiers`.
    pub rules: BTreeMap<RuleCode, i64>,
}

/// Proof of quality for one tier.
#[derive(Debug, Clone, PartialEq)]
pub struct TierCertificate {
    /// 1 to 3.
    pub tier: Tier,
    /// Cost of the roster in this tier.
    pub value: i64,
    /// No roster that keeps the values of the tiers above has a lower cost than this in this tier.
    pub bound: i64,
    /// How the bound was obtained, in words for a reader (`LP relaxation`, `MIP`, `Lagrangian`).
    pub method: String,
    /// Seconds spent on the tier, summed over threads.
    pub seconds: f64,
}

impl TierCertificate {
    /// `(value - bound) / |value|`; 0 when both are equal.
    #[must_use]
    pub fn gap(&self) -> f64 {
        if self.value == self.bound { 0.0 } else { (self.value - self.bound) as f64 / (self.value.abs().max(1)) as f64 }
    }
}

/// Proof of a roster's quality, and what is needed to make the roster again.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// One entry per tier, tier 1 first.
    pub tiers: [TierCertificate; 3],
    /// Lower bound on the one-number [`objective`] of any roster, whatever its tiers.
    pub objective_bound: i64,
    /// Wall-clock seconds of the solve.
    pub seconds: f64,
    /// Seed.
    pub seed: u64,
    /// Worker threads.
    pub threads: usize,
    /// Time limit in seconds.
    pub time_limit_seconds: f64,
    /// Number of parts the problem was split into.
    pub parts: usize,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Value equals bound in every tier.
    Optimal,
    /// Ended by itself with a gap.
    Feasible,
    /// Ended by cancel or time limit; the best roster so far.
    Stopped,
}

/// A need left below its minimum, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The need.
    pub need: NeedIx,
    /// Heads missing from the minimum.
    pub missing: u16,
    /// Of all people, how many each rule stops first, in the order in which rules are looked at.
    pub stopped_by: BTreeMap<RuleCode, u32>,
    /// People whom no rule stops but who are needed elsewhere.
    pub busy_elsewhere: u32,
}

/// What becomes of a case, and why nobody works it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledCase {
    /// The case.
    pub case: CaseIx,
    /// What becomes of it.
    pub settlement: Settlement,
    /// Of all people, how many each rule stops first at the span they are nearest to working; empty when worked.
    pub stopped_by: BTreeMap<RuleCode, u32>,
    /// People whom no rule stops at one span or another but who are needed elsewhere.
    pub busy_elsewhere: u32,
}

/// What becomes of a reception, and why it is not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledReception {
    /// The reception.
    pub reception: ReceptionIx,
    /// Position of the option at which it is held.
    pub held: Option<usize>,
    /// Deputies who receive, when it is held.
    pub deputies: Vec<PersonIx>,
    /// The host, when it is held.
    pub host: Option<PersonIx>,
    /// Why it is not held at each of its options; empty when it is.
    pub obstacles: Vec<Obstacle>,
}

/// What keeps a reception from being held within one span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Position of the option.
    pub option: usize,
    /// Its notice is too short.
    pub is_too_soon: bool,
    /// Its room is taken.
    pub is_room_taken: bool,
    /// Deputies who could come.
    pub deputies_free: u32,
    /// Of the deputies it names, how many each rule stops first.
    pub deputies_stopped: BTreeMap<RuleCode, u32>,
    /// Members of staff who could be host.
    pub hosts_free: u32,
    /// Of those who may be host, how many each rule stops first.
    pub hosts_stopped: BTreeMap<RuleCode, u32>,
}

/// A roster: duties sorted by person, then start, then need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Assignments.
    pub duties: Vec<Duty>,
}

/// Result of a solve that could start.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// The roster; passes the checker but for facts that pins themselves break.
    pub roster: Roster,
    /// Its cost, as the checker counts it.
    pub score: Score,
    /// Proof.
    pub certificate: Certificate,
    /// Needs below their minimum.
    pub unmet: Vec<Unmet>,
    /// What becomes of each case, in order.
    pub cases: Vec<SettledCase>,
    /// What becomes of each reception, in order.
    pub receptions: Vec<SettledReception>,
}

/// Factors of the tiers in the one-number summary `objective`; a summary only: tiers are kept lexicographic by
/// the solve itself, never by these factors.
pub const OBJECTIVE_FACTORS: [i64; 3] = [1_000_000, 1_000, 1];

/// The one-number summary of tier values.
#[must_use]
pub fn objective(values: TierValues) -> i64 {
    values
        .iter()
        .zip(OBJECTIVE_FACTORS)
        .map(|(value, factor)| value.saturating_mul(factor))
        .fold(0, i64::saturating_add)
}
