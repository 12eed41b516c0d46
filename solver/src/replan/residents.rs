//! The programme of what residents miss (tier 1) and of who changes: what it leaves out changes neither.

use std::collections::HashSet;

use crate::explain::street::Street;
use crate::model::candidates::Network;
use crate::model::part::PartSpec;
use crate::problem::{NeedIx, PersonIx, Problem, RuleCode, Tier};

/// The problem with those of its soft rules alone that count in tier 1.
pub(super) fn residents_alone(problem: &Problem) -> Problem {
    let mut light = problem.clone();
    for &code in RuleCode::ALL.iter().filter(|code| !code.is_hard()) {
        if problem.profile.tier(code) != Tier::Residents {
            light.profile.rules.entry(code).or_default().on = Some(false);
        }
    }
    light
}

/// Leaves out of a part the duties that nobody has and that no resident asks for: without them tier 1 costs the same,
/// every rule holds that did, and nobody changes who would not.
///
/// `network` is of [`residents_alone`].
pub(super) fn leave_out(spec: &mut PartSpec, street: &Street, network: &Network<'_>) {
    let problem = network.problem;
    let weight = |code| problem.profile.weight(code);
    let only_minimums = RuleCode::ALL
        .iter()
        .filter(|code| !code.is_hard() && !matches!(code, RuleCode::S10 | RuleCode::S11))
        .all(|&code| weight(code) == 0);
    if !only_minimums {
        return;
    }
    let served: HashSet<NeedIx> = street.duties.iter().flatten().copied().collect();
    let matters = |need: &NeedIx| {
        let data = &problem.needs[need.index()];
        let minimum = data.as_post().is_none_or(|post| post.cover.min > 0);
        match (data.seat, data.case) {
            // Other spans of a reception change its people as well as its fall does.
            (Some(_), _) => served.contains(need),
            (_, Some(_)) => weight(RuleCode::S11) > 0,
            _ => minimum && weight(RuleCode::S10) > 0 && data.priority > 0,
        }
    };
    for member in &mut spec.members {
        let limits = &problem.people[member.person.index()].limits;
        let asks_for_more = limits.min_minutes_horizon.is_some_and(|least| least > 0)
            || limits.min_consecutive_days.is_some_and(|least| least > 1)
            || limits.min_consecutive_days_off.is_some_and(|least| least > 1);
        if !asks_for_more {
            let own = &street.duties[member.person.index()];
            member.candidates.retain(|need| matters(need) || own.contains(need));
        }
    }
}

/// Leaves of a part only what these people may do; everybody else does what they do now.
pub(super) fn only(spec: &mut PartSpec, street: &Street, may_change: impl Fn(PersonIx) -> bool) {
    for member in spec.members.iter_mut().filter(|member| !may_change(member.person)) {
        member.candidates.clear();
        for &need in &street.duties[member.person.index()] {
            if !member.kept.contains(&need) {
                member.kept.push(need);
            }
        }
    }
}
