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
    /// The fewest pins to release so that the rest clashes no more: the cheapest repairs, at most three of that size.
    pub repairs: Vec<Vec<Duty>>,
}

/// Most repairs that are listed.
const MOST_REPAIRS: usize = 3;
/// Most sets of clashing pins that the search for repairs looks at.
const MOST_CLASHES: usize = 60;

/// Checks that pins keep the rules of tier 0 among themselves.
///
/// # Errors
///
/// [`Infeasible`] with a smallest set of clashing pins: no proper subset of it clashes.
pub fn check_pins(problem: &Problem) -> Result<(), Infeasible> {
    if problem.pins.is_empty() || facts(problem, &problem.pins).is_empty() {
        return Ok(());
    }
    let pins = smallest_clash(problem, &problem.pins);
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
    let repairs = repairs(problem, pins.clone());
    Err(Infeasible { facts: facts(problem, &pins), pins, release, repairs })
}

/// A set of clashing pins of which no proper subset clashes. Deletion filter: each pin in turn is left out, and stays
/// out when the rest still clashes.
fn smallest_clash(problem: &Problem, pins: &[Duty]) -> Vec<Duty> {
    if let Some(one) = pins.iter().find(|pin| !facts(problem, &[**pin]).is_empty()) {
        return vec![*one];
    }
    let mut pins = pins.to_vec();
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
    pins
}

/// Smallest sets of pins whose release leaves nothing that clashes: hitting sets of the clashes found, which grow by
/// one clash whenever a set does not suffice. Empty when more clashes stand there than are looked at.
fn repairs(problem: &Problem, first: Vec<Duty>) -> Vec<Vec<Duty>> {
    let mut clashes = vec![first];
    let mut found: Vec<Vec<Duty>> = Vec::new();
    while clashes.len() <= MOST_CLASHES {
        let Some(set) = smallest_hitting_set(&clashes, &found) else { break };
        if found.first().is_some_and(|known| set.len() > known.len()) {
            break;
        }
        let rest: Vec<Duty> = problem.pins.iter().copied().filter(|pin| !set.contains(pin)).collect();
        if facts(problem, &rest).is_empty() {
            found.push(set);
            if found.len() == MOST_REPAIRS {
                break;
            }
        } else {
            clashes.push(smallest_clash(problem, &rest));
        }
    }
    found
}

/// A smallest set with a member of every clash that is none of the `known` ones: depth-first by size.
fn smallest_hitting_set(clashes: &[Vec<Duty>], known: &[Vec<Duty>]) -> Option<Vec<Duty>> {
    (1..=clashes.len()).find_map(|size| {
        let mut set = Vec::new();
        hit(clashes, known, size, &mut set).then(|| {
            set.sort_unstable();
            set
        })
    })
}

fn hit(clashes: &[Vec<Duty>], known: &[Vec<Duty>], left: usize, set: &mut Vec<Duty>) -> bool {
    let Some(open) = clashes.iter().find(|clash| !clash.iter().any(|pin| set.contains(pin))) else {
        let mut sorted = set.clone();
        sorted.sort_unstable();
        return !known.contains(&sorted);
    };
    if left == 0 {
        return false;
    }
    for &pin in open {
        set.push(pin);
        if hit(clashes, known, left - 1, set) {
            return true;
        }
        set.pop();
    }
    false
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
        // Seats that are half taken: others may still take the rest.
        RuleCode::H13 => broken.person.is_none(),
        RuleCode::H05 => limits.is_some_and(|limits| limits.min_minutes_horizon.is_some()),
        RuleCode::H07 => limits
            .is_some_and(|limits| limits.min_consecutive_days.is_some() || limits.min_consecutive_days_off.is_some()),
        _ => false,
    }
}
