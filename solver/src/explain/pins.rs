//! Pins that contradict tier 0: a small set of clashing facts, and what to release.

use thiserror::Error;

use crate::check::check;
use crate::problem::{Duty, Problem, RuleCode};

/// A rule that pinned duties break, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The rule.
    pub code: RuleCode,
    /// One Chinese sentence.
    pub zh: String,
    /// One English sentence.
    pub en: String,
}

/// No roster keeps all pins and the rules of tier 0: the smallest set of clashing pins found.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} pinned duties contradict the rules: {}", pins.len(), facts.iter().map(|fact| fact.en.as_str()).collect::<Vec<_>>().join(" "))]
pub struct Infeasible {
    /// Pins of which each takes part in the clash: without any one of them these facts no longer hold together.
    pub pins: Vec<Duty>,
    /// What they break.
    pub facts: Vec<Fact>,
    /// The pin whose release is the cheapest repair, by the number of broken rules it takes away.
    pub release: Option<Duty>,
}

/// Checks that pins keep the rules of tier 0 among themselves.
///
/// # Errors
///
/// [`Infeasible`] with a smallest set of clashing pins: no proper subset of it clashes.
pub fn check_pins(problem: &Problem) -> Result<(), Infeasible> {
    if problem.pins.is_empty() || facts(problem, &problem.pins).is_empty() {
        return Ok(());
    }
    // Deletion filter: leave out each pin in turn and keep it out when the rest still clashes.
    let mut pins = problem.pins.clone();
    if let Some(one) = pins.iter().find(|pin| !facts(problem, &[**pin]).is_empty()).copied() {
        pins = vec![one];
    } else {
        let mut at = 0;
        while at < pins.len() {
            let mut fewer = pins.clone();
            fewer.remove(at);
            if facts(problem, &fewer).is_empty() {
                at += 1;
            } else {
                pins = fewer;
            }
        }
    }
    let all = facts(problem, &problem.pins).len();
    let release = pins
        .iter()
        .copied()
        .map(|pin| {
            let rest: Vec<Duty> = problem.pins.iter().copied().filter(|other| *other != pin).collect();
            (all.saturating_sub(facts(problem, &rest).len()), pin)
        })
        .max_by_key(|&(gain, pin)| (gain, std::cmp::Reverse(pin)))
        .map(|(_, pin)| pin);
    Err(Infeasible { facts: facts(problem, &pins), pins, release })
}

/// Rules of tier 0 that these duties break whatever else is rostered: more duties cannot mend them.
fn facts(problem: &Problem, pins: &[Duty]) -> Vec<Fact> {
    check(problem, pins)
        .hard()
        .filter(|broken| !can_be_mended(problem, broken))
        .map(|broken| Fact { code: broken.code, zh: broken.zh.clone(), en: broken.en.clone() })
        .collect()
}

/// Missing pins (of a subset), and runs or totals that are too short, are mended by further duties.
fn can_be_mended(problem: &Problem, broken: &crate::check::Broken) -> bool {
    let limits = broken.person.map(|person| &problem.people[person.index()].limits);
    match broken.code {
        RuleCode::H15 => true,
        RuleCode::H05 => limits.is_some_and(|limits| limits.min_minutes_horizon.is_some()),
        RuleCode::H07 => limits
            .is_some_and(|limits| limits.min_consecutive_days.is_some() || limits.min_consecutive_days_off.is_some()),
        _ => false,
    }
}
