//! A roster from a linear point: pairs in order of their value, then whatever still fills a gap.

use crate::model::candidates::Network;
use crate::model::part::{PartModel, PartSpec};
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx, RuleCode};
use std::collections::HashMap;

use super::linear_solver::Proposal;

/// Rounds a linear point to a roster that keeps every rule of tier 0 but least runs and least totals.
#[must_use]
pub fn round_greedily(
    network: &Network<'_>,
    spec: &PartSpec,
    model: &PartModel,
    point: Option<&Proposal>,
) -> Vec<bool> {
    let mut chosen = vec![false; model.pairs.len()];
    let mut duties: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
    let mut at_post: HashMap<NeedIx, Vec<PersonIx>> = HashMap::new();
    let decided: std::collections::HashSet<NeedIx> = spec.needs.iter().copied().collect();
    for (column, pair) in model.pairs.iter().enumerate() {
        if model.linear.columns[column].lower == 1 {
            chosen[column] = true;
            duties.entry(pair.person).or_default().push(pair.need);
            at_post.entry(network.desk(pair.need)).or_default().push(pair.person);
        }
    }
    let value = |column: usize| point.map_or(0.0, |point| point.values[column]);
    let mut order: Vec<usize> = (0..model.pairs.len()).filter(|&column| !chosen[column]).collect();
    let priority = |column: usize| network.problem.needs[model.pairs[column].need.index()].priority;
    let cost = |column: usize| model.linear.columns[column].cost;
    order.sort_by(|&one, &other| {
        value(other)
            .total_cmp(&value(one))
            .then(priority(other).cmp(&priority(one)))
            .then(cost(one).cmp(&cost(other)))
            .then(one.cmp(&other))
    });
    // Minimums of all posts come before targets of any.
    for (column, minimums) in order.iter().map(|&column| (column, true)).chain(order.iter().map(|&at| (at, false))) {
        if chosen[column] {
            continue;
        }
        let pair = model.pairs[column];
        let need = &network.problem.needs[pair.need.index()];
        let Some(post) = need.as_post() else { continue };
        let present = at_post.entry(network.desk(pair.need)).or_default();
        let trainee = |person: &PersonIx| network.problem.people[person.index()].trainee;
        let heads = present.iter().filter(|person| !trainee(person)).count();
        let likely = value(column) > 0.4;
        // A case that must not be left is a minimum of one; others are worked where the linear point says so.
        let case = need.case.and_then(|case| network.cases.get(case.index()));
        let least = case.map_or(post.cover.min, |case| u16::from(case.left[0] > 0));
        let free = !spec.reluctant.contains(&pair.person) || heads < usize::from(least);
        let goal = if minimums { least } else { post.cover.target.max(least) };
        let wanted = free && heads < usize::from(goal) && !trainee(&pair.person);
        let full = present.len() >= usize::from(post.cover.max) && network.settings.is_on(RuleCode::H11);
        let apart = network.settings.is_on(RuleCode::H14)
            && network.problem.apart.iter().any(|&(one, other)| {
                (one == pair.person && present.contains(&other)) || (other == pair.person && present.contains(&one))
            });
        if full || apart || !(likely || wanted) || !decided.contains(&pair.need) {
            continue;
        }
        let own = duties.entry(pair.person).or_default();
        if person_rules::stops(network, pair.person, own, pair.need).is_none() {
            own.push(pair.need);
            present.push(pair.person);
            chosen[column] = true;
        }
    }
    chosen
}
