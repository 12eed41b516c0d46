//! Better rosters by planning people again: a few give up their weeks, and each in turn takes the week that is best
//! given everybody else, found exactly.

use crate::columns::Random;

use super::bench::{Bench, Guide};
use super::price::Week;

/// Moves between two looks at the clock and at where costs arise.
const GLANCE: usize = 64;

impl Bench<'_> {
    /// Everybody gives up, and in turn takes the week that is best at the prices of what is still open.
    pub fn begin(&mut self, random: &mut Random, guide: &Guide) {
        let mut order: Vec<u32> = (0..).take(self.people()).collect();
        shuffle(&mut order, random);
        for &member in &order {
            self.give_up(member);
        }
        for &member in &order {
            let week = self.best_week(member, Some(guide));
            self.put(member, week);
        }
    }

    /// Everybody in turn takes the best week given the others, until nobody gains.
    pub fn settle(&mut self, random: &mut Random, most_rounds: usize) {
        let mut order: Vec<u32> = (0..).take(self.people()).collect();
        for _ in 0..most_rounds {
            shuffle(&mut order, random);
            let before = self.total;
            for &member in &order {
                let (kept, total) = (self.members[member as usize].chosen.clone(), self.total);
                self.give_up(member);
                let week = self.best_week(member, None);
                self.put(member, week);
                if self.total > total {
                    self.put(member, kept);
                }
            }
            if self.total >= before {
                break;
            }
        }
    }

    /// Groups of people around a post give up their weeks and plan again; kept unless dearer. Ends after `patience`
    /// moves without a gain, after `most_moves`, or when `is_over` says so.
    ///
    /// With a guide, the first week of each is chosen at prices; then each looks again at what the others left.
    pub fn improve(
        &mut self,
        random: &mut Random,
        (most_moves, patience): (usize, usize),
        guide: Option<&Guide>,
        is_over: &dyn Fn() -> bool,
    ) {
        let mut since = 0;
        let mut team: Vec<u32> = Vec::new();
        let mut troubled: Vec<usize> = Vec::new();
        for number in 0..most_moves {
            if number % GLANCE == 0 {
                if is_over() {
                    break;
                }
                troubled.clear();
                troubled.extend((0..self.present.len()).filter(|&desk| self.is_troubled(desk)));
            }
            if since > patience {
                break;
            }
            since += 1;
            self.team(random, &troubled, &mut team);
            let total = self.total;
            let before: Vec<Week> =
                team.iter().map(|&member| self.members[member as usize].chosen.clone()).collect();
            for &member in &team {
                self.give_up(member);
            }
            for &member in &team {
                let week = self.best_week(member, guide);
                self.put(member, week);
            }
            for &member in team.iter().filter(|_| guide.is_some()) {
                self.give_up(member);
                let week = self.best_week(member, None);
                self.put(member, week);
            }
            if self.total > total {
                for &member in &team {
                    self.give_up(member);
                }
                for (&member, week) in team.iter().zip(before) {
                    self.put(member, week);
                }
            } else if self.total < total {
                since = 0;
            }
        }
    }

    /// A few people who compete: around a post that costs something, or any post, then around what they do.
    fn team(&self, random: &mut Random, troubled: &[usize], team: &mut Vec<u32>) {
        team.clear();
        if self.members.is_empty() || self.present.is_empty() {
            return;
        }
        let size = 2 + random.below(4);
        let mut desk = random.below(self.present.len());
        if !troubled.is_empty() && random.below(4) > 0 {
            desk = troubled[random.below(troubled.len())];
        }
        for _ in 0..4 * size {
            if team.len() >= size {
                break;
            }
            let eligible = &self.eligible[desk];
            let member = if eligible.is_empty() {
                u32::try_from(random.below(self.members.len())).unwrap_or(0)
            } else {
                eligible[random.below(eligible.len())]
            };
            if !team.contains(&member) {
                team.push(member);
            }
            let sitter = &self.members[member as usize];
            let chosen = &sitter.chosen.positions;
            let position = if chosen.is_empty() || random.below(3) == 0 {
                random.below(sitter.desks.len().max(1))
            } else {
                usize::from(chosen[random.below(chosen.len())])
            };
            if let Some(&next) = sitter.desks.get(position)
                && (next as usize) < self.present.len()
            {
                desk = next as usize;
            }
        }
        shuffle(team, random);
    }
}

fn shuffle(order: &mut [u32], random: &mut Random) {
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
}
