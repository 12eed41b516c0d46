//! Residents' cases: worked by one person within one of a few spans, or settled without being worked.

use super::{Minute, NeedIx, PersonIx, UnitIx};

/// A resident's case that is open in the horizon.
///
/// Each span within which it can be worked is a [`Need`](super::Need) of its own, with room for one person and no
/// minimum; what the case asks is asked of all of them together: at most one person, within one of the spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// External id.
    pub id: String,
    /// Unit that has the case; the unit above takes what is escalated.
    pub unit: UnitIx,
    /// Spans within which it can be worked, all at one place; none when nobody can work it.
    pub options: Vec<NeedIx>,
    /// Minute by which it has to be worked, escalated or explained.
    pub deadline: Minute,
    /// Urgency, 1 (lowest) and up; multiplies the weight of S11.
    pub urgency: u8,
    /// Who handled it before, if anybody (S33).
    pub earlier_handler: Option<PersonIx>,
    /// Whether it may be explained to the resident as not solvable for now.
    pub explainable: bool,
}

/// What becomes of a case in a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settlement {
    /// Somebody works it within this span.
    Worked(NeedIx),
    /// It goes up to this unit.
    Escalated(UnitIx),
    /// It is explained to the resident as not solvable for now.
    Explained,
    /// It waits; its deadline lies after the horizon.
    Waiting,
    /// It is left although its deadline lies in the horizon or before it.
    Late,
}
