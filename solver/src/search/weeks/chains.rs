//! Chains through which a post that is short gets a head: somebody comes from another post, whose place somebody else
//! takes, and so on, until nobody is missed, or less than before.
//!
//! Groups that plan again ([`super::improve`]) find what a few people can do among themselves; a chain may pass through
//! many people and streets. It is found breadth first, each person's week exact. Tier 3 is left to planning again.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::improve::Bench;
use super::price::{ScaledWeights, Week, scaled};

/// Times that all posts are looked at.
const ROUNDS: usize = 4;

/// How a post is left: somebody goes from there to another.
struct Step {
    member: usize,
    week: Week,
    /// The post that the member goes to.
    to: usize,
    /// What the weeks of everybody from here on cost more.
    cost: i64,
}

impl Bench<'_, '_> {
    /// Fills posts by chains, those that count most first, until no chain helps or `is_over` says so. Tiers 1 and 2 are
    /// looked at, or the first alone.
    pub fn fill_by_chains(&mut self, is_first_alone: bool, is_over: &dyn Fn() -> bool) {
        let places = self.places();
        let weights = if is_first_alone { [1, 0, 0] } else { [1 << 20, 1, 0] };
        for _ in 0..ROUNDS {
            if !self.fill_once(weights, &places, is_over) {
                break;
            }
        }
        self.send_up();
    }

    /// By post: who may serve there, with the position of the duty in the person's week.
    pub(super) fn places(&self) -> Vec<Vec<(usize, u16)>> {
        let mut places = vec![Vec::new(); self.desks.len()];
        for (member, sitter) in self.members.iter().enumerate().filter(|&(member, _)| !self.person(member).trainee) {
            for (position, desk) in (0..).zip(&sitter.desks) {
                if let Some(desk) = desk.filter(|_| !sitter.closed[usize::from(position)]) {
                    places[desk as usize].push((member, position));
                }
            }
        }
        places
    }

    /// Looks at every post once; whether a chain was found.
    fn fill_once(&mut self, weights: ScaledWeights, places: &[Vec<(usize, u16)>], is_over: &dyn Fn() -> bool) -> bool {
        let gains = (0..self.desks.len()).map(|desk| (self.change(desk, 1, weights), desk));
        let mut short: Vec<(i64, usize)> = gains.filter(|&(change, _)| change < 0).collect();
        short.sort_unstable();
        let mut is_gained = false;
        // Posts from which no chain goes on.
        let mut ended: FxHashSet<usize> = FxHashSet::default();
        for (_, desk) in short {
            while !is_over() && self.fill(desk, weights, places, &mut ended) {
                is_gained = true;
            }
        }
        is_gained
    }

    /// What a post costs more with a head more or fewer.
    pub(super) fn change(&self, desk: usize, by: i64, weights: ScaledWeights) -> i64 {
        let (desk, present) = (&self.desks[desk], self.present[desk]);
        scaled(desk.cost(present.with_heads(by)), weights) - scaled(desk.cost(present), weights)
    }

    /// One head more at a post, if a chain brings it at a gain.
    pub(super) fn fill(
        &mut self,
        first: usize,
        weights: ScaledWeights,
        places: &[Vec<(usize, u16)>],
        ended: &mut FxHashSet<usize>,
    ) -> bool {
        let gain = -self.change(first, 1, weights);
        if gain <= 0 || !self.desks[first].has_room(self.present[first]) {
            return false;
        }
        let mut steps: FxHashMap<usize, Step> = FxHashMap::default();
        let mut open = VecDeque::from([first]);
        let mut seen: FxHashSet<usize> = std::iter::once(first).collect();
        while let Some(to) = open.pop_front() {
            let before = steps.get(&to).map_or(0, |step| step.cost);
            for &(member, position) in &places[to] {
                let is_there = self.at[to].contains(&member) || is_on_way(member, to, first, &steps);
                if is_there || self.is_parted(member, to) {
                    continue;
                }
                for dropped in self.exchanges(member, position) {
                    let from = dropped.and_then(|dropped| self.members[member].desks[usize::from(dropped)]);
                    let from = from.map(|from| from as usize);
                    let missed = from.map_or(0, |from| self.change(from, -1, weights));
                    let is_new = from.is_some_and(|from| !seen.contains(&from) && !ended.contains(&from));
                    if from == Some(to) || missed >= gain && !is_new {
                        continue;
                    }
                    let Some(week) = self.exchanged(member, position, dropped) else { continue };
                    let own = &self.members[member].chosen;
                    let cost = before + scaled(week.costs, weights) - scaled(own.costs, weights);
                    let step = Step { member, week, to, cost };
                    if cost + missed < gain {
                        if self.take(step, first, steps) {
                            return true;
                        }
                        ended.extend(seen);
                        return false;
                    }
                    if let Some(from) = from.filter(|_| is_new) {
                        seen.insert(from);
                        steps.insert(from, step);
                        open.push_back(from);
                    }
                }
            }
        }
        ended.extend(seen);
        false
    }

    /// What a member may give up for a duty: nothing, or one duty; the one that it cannot have besides, if there is one.
    fn exchanges(&self, member: usize, position: u16) -> Vec<Option<u16>> {
        let sitter = &self.members[member];
        let own = &sitter.chosen.positions;
        let post = |position: u16| self.network.post(sitter.week.needs[usize::from(position)]);
        let Some(wanted) = post(position) else { return Vec::new() };
        let may = |other: u16| !sitter.week.kept[usize::from(other)] && sitter.desks[usize::from(other)].is_some();
        let rest = self.network.settings.min_rest_minutes(self.person(member));
        let clashes = |other: u16| post(other).is_some_and(|post| self.network.clash(rest, post, wanted).is_some());
        let mut in_way = own.iter().copied().filter(|&other| clashes(other));
        match (in_way.next(), in_way.next()) {
            (None, _) => std::iter::once(None).chain(own.iter().copied().filter(|&at| may(at)).map(Some)).collect(),
            (Some(other), None) if may(other) => vec![Some(other)],
            _ => Vec::new(),
        }
    }

    /// A member's week with a duty more and perhaps one fewer, if rules allow it.
    fn exchanged(&self, member: usize, position: u16, dropped: Option<u16>) -> Option<Week> {
        let sitter = &self.members[member];
        let mut positions: Vec<u16> =
            sitter.chosen.positions.iter().copied().filter(|&own| Some(own) != dropped).chain([position]).collect();
        positions.sort_unstable();
        sitter.week.week_of(&positions)
    }

    /// Carries a chain out, from its last step to the post that is filled; whether the roster is better with it. It stays
    /// as it is otherwise: chains do not look at who stands together at a post.
    fn take(&mut self, last: Step, first: usize, mut steps: FxHashMap<usize, Step>) -> bool {
        let total = self.total;
        let mut before = Vec::new();
        let mut step = last;
        loop {
            let to = step.to;
            before.push((step.member, self.members[step.member].chosen.clone()));
            self.put(step.member, step.week);
            match steps.remove(&to).filter(|_| to != first) {
                Some(next) => step = next,
                None => break,
            }
        }
        let is_better = self.total < total;
        if !is_better {
            for (member, week) in before.into_iter().rev() {
                self.put(member, week);
            }
        }
        is_better
    }
}

/// Whether somebody has a place in the chain from a post to the first.
fn is_on_way(member: usize, desk: usize, first: usize, steps: &FxHashMap<usize, Step>) -> bool {
    let mut at = desk;
    while at != first {
        let Some(step) = steps.get(&at) else { break };
        if step.member == member {
            return true;
        }
        at = step.to;
    }
    false
}
