//! Two rosters side by side: tiers, rules, people and duties that differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::check;
use crate::problem::{Problem, RuleCode};
use crate::roster::{Score, TierValues};

/// A duty by its ids, so that rosters of different problems can be compared.
pub type NamedDuty = (String, String);

/// What differs between two rosters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Tier values of the first.
    pub before: TierValues,
    /// Tier values of the second.
    pub after: TierValues,
    /// Cost of each rule in both, where they differ.
    pub rules: BTreeMap<RuleCode, (i64, i64)>,
    /// People whose duties differ.
    pub people: BTreeSet<String>,
    /// Duties of the first alone, by person and need.
    pub removed: BTreeSet<NamedDuty>,
    /// Duties of the second alone.
    pub added: BTreeSet<NamedDuty>,
}

/// Duties by ids.
#[must_use]
pub fn named(problem: &Problem, duties: &[crate::problem::Duty]) -> BTreeSet<NamedDuty> {
    let name = |duty: &crate::problem::Duty| {
        let person = problem.people.get(duty.person.index())?;
        let need = problem.needs.get(duty.need.index())?;
        Some((person.id.clone(), need.id.clone()))
    };
    duties.iter().filter_map(name).collect()
}

/// Compares two rosters, each judged by its own problem.
#[must_use]
pub fn compare(first: (&Problem, &[crate::problem::Duty]), second: (&Problem, &[crate::problem::Duty])) -> Difference {
    let (was, is) = (check(first.0, first.1).score, check(second.0, second.1).score);
    let (before, after) = (named(first.0, first.1), named(second.0, second.1));
    let removed: BTreeSet<NamedDuty> = before.difference(&after).cloned().collect();
    let added: BTreeSet<NamedDuty> = after.difference(&before).cloned().collect();
    let people = removed.iter().chain(&added).map(|(person, _)| person.clone()).collect();
    Difference { before: was.tiers, after: is.tiers, rules: rules(&was, &is), people, removed, added }
}

fn rules(was: &Score, is: &Score) -> BTreeMap<RuleCode, (i64, i64)> {
    let codes: BTreeSet<RuleCode> = was.rules.keys().chain(is.rules.keys()).copied().collect();
    let cost = |score: &Score, code: RuleCode| score.rules.get(&code).copied().unwrap_or(0);
    codes
        .into_iter()
        .map(|code| (code, (cost(was, code), cost(is, code))))
        .filter(|(_, (one, other))| one != other)
        .collect()
}
