//! Chains through which a post that is short gets a head: somebody comes from another post, whose place somebody else
//! takes, and so on, until nobody is missed, or less than before.
//!
//! Groups that plan again ([`super::improve`]) find what a few people can do among themselves; a chain may pass through
//! many people and streets. It is found breadth first, each person's week exact, and looks at tier 1 alone: what it costs
//! below is looked after by planning again.

use std::collections::{HashMap, HashSet, VecDeque};

use super::improve::Bench;
use super::price::Week;

/// Times that all posts are looked at.
const ROUNDS: usize = 4;

/// How a post is reached: somebody leaves it for the one that is named.
struct Step {
    member: usize,
    week: Week,
    /// The post that the member goes to.
    to: usize,
}

impl Bench<'_, '_> {
    /// Fills posts by chains, those that count most first, until no chain helps or `is_over` says so.
    pub fn fill_by_chains(&mut self, is_over: &dyn Fn() -> bool) {
        for _ in 0..ROUNDS {
            let mut short: Vec<(i64, usize)> =
                (0..self.desks.len()).map(|desk| (self.gain(desk), desk)).filter(|&(gain, _)| gain > 0).collect();
            short.sort_unstable_by_key(|&(gain, desk)| (-gain, desk));
            let mut is_gained = false;
            // Posts from which no chain goes on.
            let mut ended: HashSet<usize> = HashSet::new();
            for (_, desk) in short {
                while self.gain(desk) > 0 && !is_over() && self.fill(desk, &mut ended) {
                    is_gained = true;
                }
            }
            if !is_gained {
                break;
            }
        }
        self.send_up();
    }

    /// What one head more saves in tier 1.
    fn gain(&self, desk: usize) -> i64 {
        let present = self.present[desk];
        self.desks[desk].cost(present)[0] - self.desks[desk].cost(present.with_heads(1))[0]
    }

    /// What one head fewer costs in tier 1.
    fn loss(&self, desk: usize) -> i64 {
        let present = self.present[desk];
        self.desks[desk].cost(present.with_heads(-1))[0] - self.desks[desk].cost(present)[0]
    }

    /// One head more at a post, if a chain brings it.
    fn fill(&mut self, first: usize, ended: &mut HashSet<usize>) -> bool {
        let gain = self.gain(first);
        let mut steps: HashMap<usize, Step> = HashMap::new();
        let mut open = VecDeque::from([first]);
        let mut seen: HashSet<usize> = HashSet::from([first]);
        while let Some(to) = open.pop_front() {
            for at in 0..self.eligible[to].len() {
                let member = self.eligible[to][at] as usize;
                if self.person(member).trainee
                    || self.is_on_way(member, to, first, &steps)
                    || self.is_parted(member, to)
                {
                    continue;
                }
                for position in self.open_positions(member, to) {
                    for dropped in self.may_drop(member, position) {
                        let from = dropped.and_then(|dropped| self.members[member].desks[usize::from(dropped)]);
                        let from = from.map(|from| from as usize);
                        let ends = from.is_none_or(|from| self.loss(from) < gain);
                        let is_new = from.is_none_or(|from| !seen.contains(&from) && !ended.contains(&from));
                        if from == Some(to) || !ends && !is_new {
                            continue;
                        }
                        let Some(week) = self.exchanged(member, position, dropped) else { continue };
                        let step = Step { member, week, to };
                        if ends {
                            self.take(step, first, steps);
                            return true;
                        }
                        if let Some(from) = from {
                            seen.insert(from);
                            steps.insert(from, step);
                            open.push_back(from);
                        }
                    }
                }
            }
        }
        ended.extend(seen);
        false
    }

    /// Whether somebody is there, or has a place in the chain that leads there.
    fn is_on_way(&self, member: usize, desk: usize, first: usize, steps: &HashMap<usize, Step>) -> bool {
        let mut at = desk;
        while at != first {
            let Some(step) = steps.get(&at) else { break };
            if step.member == member {
                return true;
            }
            at = step.to;
        }
        self.at[desk].contains(&member)
    }

    /// Positions of a member at a post.
    fn open_positions(&self, member: usize, desk: usize) -> Vec<u16> {
        let sitter = &self.members[member];
        let here = (0_u16..).zip(sitter.desks.iter().zip(&sitter.closed));
        here.filter(|&(_, (at, &closed))| !closed && at.is_some_and(|at| at as usize == desk))
            .map(|(at, _)| at)
            .collect()
    }

    /// What somebody may give up for a duty: nothing, or one duty; the one that is in the way, if there is one.
    fn may_drop(&self, member: usize, position: u16) -> Vec<Option<u16>> {
        let sitter = &self.members[member];
        let span = |position: u16| self.network.post(sitter.week.needs[usize::from(position)]).map(|post| post.span);
        let Some(wanted) = span(position) else { return Vec::new() };
        let own = &sitter.chosen.positions;
        let may = |other: u16| !sitter.week.kept[usize::from(other)] && sitter.desks[usize::from(other)].is_some();
        let mut in_way = own.iter().copied().filter(|&other| span(other).is_some_and(|span| span.overlaps(wanted)));
        match (in_way.next(), in_way.next()) {
            (None, _) => std::iter::once(None).chain(own.iter().copied().filter(|&at| may(at)).map(Some)).collect(),
            (Some(other), None) if may(other) => vec![Some(other)],
            _ => Vec::new(),
        }
    }

    /// A member's week with a duty more and perhaps one fewer, if rules allow it.
    fn exchanged(&mut self, member: usize, position: u16, dropped: Option<u16>) -> Option<Week> {
        let sitter = &self.members[member];
        let mut positions: Vec<u16> =
            sitter.chosen.positions.iter().copied().filter(|&own| Some(own) != dropped).chain([position]).collect();
        positions.sort_unstable();
        sitter.week.week_of(&positions, &mut self.scratch)
    }

    /// Carries a chain out, from its last step to the post that is filled.
    fn take(&mut self, last: Step, first: usize, mut steps: HashMap<usize, Step>) {
        let mut step = last;
        loop {
            let to = step.to;
            self.put(step.member, step.week);
            match steps.remove(&to).filter(|_| to != first) {
                Some(next) => step = next,
                None => break,
            }
        }
    }
}
