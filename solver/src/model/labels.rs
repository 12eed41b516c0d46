//! What the rows of a part's model stand for: the rule, whom or what it concerns, and in which unit it counts.

use crate::problem::{DayOffset, NeedIx, PersonIx, RuleCode};

/// Unit in which the right side of a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// People at a post.
    Heads,
    /// Duties of a person.
    Duties,
    /// Minutes of a person.
    Minutes,
    /// Working days.
    Days,
    /// Weekends.
    Weekends,
    /// Wishes.
    Wishes,
    /// Booked matters.
    Matters,
}

/// A rule instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The rule.
    pub rule: RuleCode,
    /// Whom it concerns.
    pub person: Option<PersonIx>,
    /// Which need it concerns.
    pub need: Option<NeedIx>,
    /// First day it concerns; none when it is the whole horizon.
    pub day: Option<DayOffset>,
    /// Unit of the right side.
    pub measure: Measure,
    /// Units of the measure in one unit of the row's right side: a common factor that the row was divided by.
    pub scale: i64,
}

impl Label {
    /// A rule instance of a person.
    #[must_use]
    pub const fn person(
        rule: RuleCode,
        person: PersonIx,
        day: Option<DayOffset>,
        measure: Measure,
        scale: i64,
    ) -> Self {
        Self { rule, person: Some(person), need: None, day, measure, scale }
    }

    /// A rule instance of a post.
    #[must_use]
    pub const fn need(rule: RuleCode, need: NeedIx, day: DayOffset) -> Self {
        Self { rule, person: None, need: Some(need), day: Some(day), measure: Measure::Heads, scale: 1 }
    }
}
