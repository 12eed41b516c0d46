//! What the checker finds: every broken place of every rule, in words, and the score.

use std::collections::BTreeMap;

use crate::problem::{DayOffset, NeedIx, PersonIx, Problem, RuleCode, Settlement};
use crate::roster::{Score, TierValues};

/// One place at which a rule is broken (tier 0) or costs something (tiers 1 to 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub code: RuleCode,
    /// The person concerned, if it is one.
    pub person: Option<PersonIx>,
    /// The need concerned, if it is one.
    pub need: Option<NeedIx>,
    /// The day concerned; for a week, its first day within the horizon; none when it is the whole horizon.
    pub day: Option<DayOffset>,
    /// Cost in the rule's tier; 0 for a rule of tier 0.
    pub cost: i64,
    /// One Chinese sentence with names and figures.
    pub zh: String,
    /// One English sentence with names and figures.
    pub en: String,
}

/// Everything the checker found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Broken places, by rule in the order of codes, then by person or need, then by day.
    pub broken: Vec<Broken>,
    /// Cost per tier and per soft rule; soft rules that are on stand there with 0 when nothing breaks them.
    pub score: Score,
    /// What becomes of each case, in order.
    pub settlements: Vec<Settlement>,
    /// Of each reception, in order, the position of the option at which it is held.
    pub held: Vec<Option<usize>>,
}

impl Report {
    /// Whether no rule of tier 0 is broken.
    #[must_use]
    pub fn is_feasible(&self) -> bool {
        self.hard().next().is_none()
    }

    /// The broken places of tier 0.
    pub fn hard(&self) -> impl Iterator<Item = &Broken> {
        self.broken.iter().filter(|broken| broken.code.is_hard())
    }

    /// Broken places of tier 0, then the cost of each tier: of two rosters the one with less is better.
    #[must_use]
    pub fn rank(&self) -> (usize, TierValues) {
        (self.hard().count(), self.score.tiers)
    }

    /// Number of broken places and their cost, per rule that has any.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<RuleCode, (usize, i64)> {
        let mut counts = BTreeMap::new();
        for broken in &self.broken {
            let (count, cost) = counts.entry(broken.code).or_insert((0, 0));
            *count += 1;
            *cost += broken.cost;
        }
        counts
    }
}

/// Where something is broken.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct At {
    person: Option<PersonIx>,
    need: Option<NeedIx>,
    day: Option<DayOffset>,
}

impl At {
    pub(super) fn person(person: PersonIx) -> Self {
        Self { person: Some(person), ..Self::default() }
    }

    pub(super) fn need(need: NeedIx) -> Self {
        Self { need: Some(need), ..Self::default() }
    }

    pub(super) fn with_need(self, need: NeedIx) -> Self {
        Self { need: Some(need), ..self }
    }

    pub(super) fn on(self, day: DayOffset) -> Self {
        Self { day: Some(day), ..self }
    }
}

/// A sentence in both languages.
pub(super) struct Words {
    pub(super) zh: String,
    pub(super) en: String,
}

/// Collects what the rule functions find.
pub(super) struct Findings<'a> {
    problem: &'a Problem,
    report: Report,
}

impl<'a> Findings<'a> {
    /// An empty collection with a 0 for every soft rule that is on.
    pub(super) fn new(problem: &'a Problem) -> Self {
        let rules = RuleCode::ALL
            .iter()
            .filter(|code| !code.is_hard() && problem.profile.is_on(**code))
            .map(|code| (*code, 0))
            .collect();
        Self { problem, report: Report { score: Score { tiers: [0; 3], rules }, ..Report::default() } }
    }

    /// A rule of tier 0 is broken.
    pub(super) fn hard(&mut self, code: RuleCode, at: At, words: Words) {
        self.push(code, at, 0, words);
    }

    /// A soft rule costs something; nothing happens when the cost is 0.
    pub(super) fn soft(&mut self, code: RuleCode, at: At, cost: i64, words: impl FnOnce() -> Words) {
        if cost == 0 {
            return;
        }
        let tier = usize::from(self.problem.profile.tier(code).number());
        if let Some(value) = tier.checked_sub(1).and_then(|index| self.report.score.tiers.get_mut(index)) {
            *value += cost;
        }
        *self.report.score.rules.entry(code).or_insert(0) += cost;
        self.push(code, at, cost, words());
    }

    pub(super) fn into_report(self) -> Report {
        self.report
    }

    fn push(&mut self, code: RuleCode, at: At, cost: i64, words: Words) {
        let At { person, need, day } = at;
        self.report.broken.push(Broken { code, person, need, day, cost, zh: words.zh, en: words.en });
    }
}
