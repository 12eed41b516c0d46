//! The cheapest week of a person at given prices: an exact dynamic programme over days, in whole numbers.

use super::person::{Class, Day, FORBIDDEN, PersonWeek};
use crate::model::linear::Costs;

/// Weights of the tiers, scaled by the bound's scale.
pub type ScaledWeights = [i64; 3];

const CLOSED: i64 = i64::MAX / 4;

/// A week that a person may work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Week {
    /// Positions of [`PersonWeek::needs`], rising.
    pub positions: Vec<u16>,
    /// Cost of the week for the person, pairs included.
    pub costs: Costs,
}

/// Memory that one pricing after the other uses.
#[derive(Debug, Default)]
pub struct Scratch {
    values: Vec<i64>,
    /// Choice of each day and state: class in the high half, pattern in the low half; and the state before.
    choices: Vec<(u32, u32)>,
    best: Vec<(i64, u32)>,
}

/// One cost from the costs of the tiers, scaled.
#[must_use]
pub fn scaled(costs: Costs, weights: ScaledWeights) -> i64 {
    costs.iter().zip(weights).map(|(cost, weight)| cost * weight).sum()
}

impl PersonWeek {
    /// The least of `weights . costs + prices` over all weeks of the person, scaled, and a week that attains it.
    ///
    /// `reduced` holds one number for each of [`PersonWeek::needs`]: the scaled cost of the pair with its prices;
    /// a pair at `i64::MAX` is closed.
    #[must_use]
    pub fn cheapest(&self, reduced: &[i64], weights: ScaledWeights, scratch: &mut Scratch) -> (i64, Week) {
        let days = self.days.len();
        let states = self.states;
        let Scratch { values, choices, best } = scratch;
        values.clear();
        values.resize((days + 1) * states, CLOSED);
        choices.clear();
        choices.resize(days * states, (0, 0));
        values[self.start] = 0;
        for (number, day) in self.days.iter().enumerate() {
            best.clear();
            best.extend(day.classes.iter().map(|class| self.best_of(day, class, reduced, weights)));
            let (before, after) = values.split_at_mut((number + 1) * states);
            let before = &before[number * states..];
            for (class, &(price, pattern)) in day.classes.iter().zip(best.iter()).filter(|(_, best)| best.0 < CLOSED) {
                let table = &self.tables[class.table as usize];
                for (state, (&value, &next)) in before.iter().zip(table).enumerate() {
                    if value < CLOSED && next != FORBIDDEN {
                        let next = next as usize;
                        let total = value + price;
                        if total < after[next] {
                            after[next] = total;
                            choices[number * states + next] = (pattern, u32::try_from(state).unwrap_or(0));
                        }
                    }
                }
            }
        }
        let last = &values[days * states..];
        let (mut state, value) = last
            .iter()
            .zip(&self.ends)
            .map(|(&value, &end)| if value < CLOSED { value + scaled(end, weights) } else { CLOSED })
            .enumerate()
            .min_by_key(|&(_, value)| value)
            .unwrap_or((0, CLOSED));
        let mut week = Week { positions: Vec::new(), costs: self.base };
        add(&mut week.costs, self.ends[state]);
        for (number, day) in self.days.iter().enumerate().rev() {
            let (pattern, before) = choices[number * states + state];
            let pattern = &day.patterns[pattern as usize];
            add(&mut week.costs, pattern.extra);
            for &position in self.posts(pattern) {
                week.positions.push(position);
                add(&mut week.costs, self.costs[usize::from(position)]);
            }
            state = before as usize;
        }
        week.positions.sort_unstable();
        (value + scaled(self.base, weights), week)
    }

    fn best_of(&self, day: &Day, class: &Class, reduced: &[i64], weights: ScaledWeights) -> (i64, u32) {
        let mut best = (CLOSED, class.first);
        for at in class.first..class.last {
            let pattern = &day.patterns[at as usize];
            let mut price = if pattern.extra == [0; 3] { 0 } else { scaled(pattern.extra, weights) };
            for &position in self.posts(pattern) {
                price = price.saturating_add(reduced[usize::from(position)]);
            }
            if price < best.0 {
                best = (price, at);
            }
        }
        best
    }

    /// The week with the given positions, or `None` when the person may not work it.
    #[must_use]
    pub fn week_of(&self, positions: &[u16], scratch: &mut Scratch) -> Option<Week> {
        let mut reduced = vec![i64::MAX; self.needs.len()];
        for &position in positions {
            *reduced.get_mut(usize::from(position))? = -(1 << 40);
        }
        let (_, week) = self.cheapest(&reduced, [0; 3], scratch);
        (week.positions == positions).then_some(week)
    }
}

fn add(to: &mut Costs, costs: Costs) {
    crate::model::linear::add_costs(to, costs);
}
