//! The cheapest week of a person at given prices: an exact dynamic programme over days, in whole numbers.

use super::pattern::{Class, Day, FORBIDDEN, Lead};
use super::person::PersonWeek;
use crate::model::linear::Costs;
use crate::problem::NeedIx;

/// Weights of the tiers, scaled by the bound's scale.
pub type ScaledWeights = [i64; 3];

/// Price of a pair that is closed: a few of them fit a number.
const CLOSED_PAIR: i64 = 1 << 59;
/// Value of what cannot be reached.
const CLOSED: i64 = 1 << 61;

/// A week that a person may work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
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
    /// Choice of each day and state: the pattern, and the state before.
    choices: Vec<(u32, u32)>,
    /// Price of each position; the last stands for no duty.
    prices: Vec<i64>,
    /// Scaled extra costs.
    extras: Vec<i64>,
    /// States from which a day is worth going on.
    open: Vec<u32>,
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
        let Scratch { values, choices, prices, extras, open } = scratch;
        prices.clear();
        prices.extend(reduced.iter().map(|&price| price.min(CLOSED_PAIR)));
        prices.push(0);
        extras.clear();
        extras.extend(self.extras.iter().map(|&extra| scaled(extra, weights)));
        let least_extra = extras.iter().copied().min().unwrap_or(0);
        values.clear();
        values.resize((days + 1) * states, CLOSED);
        choices.clear();
        choices.resize(days * states, (0, 0));
        values[self.start] = 0;
        for (number, (day, reached)) in self.days.iter().zip(&self.reached).enumerate() {
            let (before, after) = values.split_at_mut((number + 1) * states);
            let before = &before[number * states..];
            let choices = &mut choices[number * states..(number + 1) * states];
            self.worth_going_on(reached, before, weights, open);
            let of_day = usize::from(day.positions.start)..usize::from(day.positions.end);
            let least = prices[of_day].iter().copied().min().unwrap_or(0);
            for class in &day.classes {
                let (price, pattern) = best_of(day, class, least, prices, extras, least_extra);
                if price >= CLOSED_PAIR / 2 {
                    continue;
                }
                let table = &self.tables[class.table as usize];
                for &state in &*open {
                    let (value, next) = (before[state as usize], table[state as usize]);
                    if next == FORBIDDEN {
                        continue;
                    }
                    let total = value + price;
                    let best = &mut after[next as usize];
                    if total < *best {
                        *best = total;
                        choices[next as usize] = (pattern, state);
                    }
                }
            }
        }
        let last = &values[days * states..];
        let ends = self.reached.last().into_iter().flatten().map(|&state| {
            let (value, end) = (last[state as usize], self.ends[state as usize]);
            (if value < CLOSED_PAIR / 2 { value + scaled(end, weights) } else { CLOSED }, state)
        });
        let (value, state) = ends.min_by_key(|&(value, _)| value).unwrap_or((CLOSED, 0));
        let mut state = state as usize;
        let mut week = Week { positions: Vec::with_capacity(8), costs: self.base };
        add(&mut week.costs, self.ends[state]);
        let nothing = self.nothing();
        for (number, day) in self.days.iter().enumerate().rev() {
            let (pattern, before) = choices[number * states + state];
            let pattern = &day.patterns[pattern as usize];
            add(&mut week.costs, self.extras[usize::from(pattern.extra)]);
            for &position in pattern.posts.iter().filter(|&&position| position != nothing) {
                week.positions.push(position);
                add(&mut week.costs, self.costs[usize::from(position)]);
            }
            state = before as usize;
        }
        week.positions.sort_unstable();
        (value + scaled(self.base, weights), week)
    }

    /// Those of the states that are reached at some cost, and not behind another in the front.
    fn worth_going_on(&self, reached: &[u32], values: &[i64], weights: ScaledWeights, open: &mut Vec<u32>) {
        open.clear();
        let Some(front) = &self.front else {
            open.extend(reached.iter().filter(|&&state| values[state as usize] < CLOSED_PAIR / 2));
            return;
        };
        let slope = scaled(front.slope, weights);
        let (mut first, mut best) = (0, i64::MAX);
        for &state in reached {
            let (at, value) = (state as usize, values[state as usize]);
            if value >= CLOSED_PAIR / 2 {
                continue;
            }
            while at >= first + front.size {
                (first, best) = (first + front.size, i64::MAX);
            }
            // What it would cost at the end if every step less cost the most.
            let level = value - slope * i64::try_from(at - first).unwrap_or(0);
            if level < best {
                best = level;
                open.push(state);
            }
        }
        if front.is_free {
            let mut last: Option<(usize, i64)> = None;
            open.reverse();
            open.retain(|&state| {
                let (others, value) = (state as usize / front.size, values[state as usize]);
                let is_better = last.is_none_or(|(block, best)| block != others || value < best);
                if is_better {
                    last = Some((others, value));
                }
                is_better
            });
            open.reverse();
        }
    }

    /// Most that the person may have in the week of what `amount` gives for each position.
    #[must_use]
    pub fn most(&self, amount: &dyn Fn(usize) -> i64, scratch: &mut Scratch) -> i64 {
        let reduced: Vec<i64> = (0..self.needs.len()).map(|position| -amount(position)).collect();
        -self.cheapest(&reduced, [0; 3], scratch).0
    }

    /// The week with what the person has whatever happens, and with as little besides as rules allow.
    #[must_use]
    pub fn idle(&self, scratch: &mut Scratch) -> Week {
        let kept: Vec<u16> = (0..).zip(&self.kept).filter(|&(_, &kept)| kept).map(|(at, _)| at).collect();
        self.week_of(&kept).unwrap_or_else(|| self.cheapest(&vec![1 << 45; self.needs.len()], [0; 3], scratch).1)
    }

    /// As many of these duties as the person may have in one week beside what is kept.
    #[must_use]
    pub fn fitting(&self, duties: &[NeedIx], kept: &[NeedIx], scratch: &mut Scratch) -> Vec<NeedIx> {
        let price = |need: &NeedIx| match (duties.contains(need), kept.contains(need)) {
            (_, true) => -(1 << 40),
            (true, false) => -1,
            (false, false) => i64::MAX,
        };
        let reduced: Vec<i64> = self.needs.iter().map(price).collect();
        let wanted: Vec<u16> = (0..).zip(&reduced).filter(|&(_, &price)| price < 0).map(|(at, _)| at).collect();
        let week = self.week_of(&wanted).unwrap_or_else(|| self.cheapest(&reduced, [0; 3], scratch).1);
        let more = week.positions.iter().map(|&position| usize::from(position)).filter(|&at| reduced[at] == -1);
        more.map(|at| self.needs[at]).collect()
    }

    /// The week with the given positions, rising, or `None` when the person may not work it.
    #[must_use]
    pub fn week_of(&self, positions: &[u16]) -> Option<Week> {
        let mut left = positions;
        let (mut state, mut costs) = (self.start, self.base);
        for day in &self.days {
            // Positions rise from day to day; one that is in no pattern of its day is in none of a later one.
            let (own, later) = left.split_at(left.partition_point(|&position| position < day.positions.end));
            let (class, pattern) = day.pattern_of(own, self.nothing())?;
            state = *self.tables[class.table as usize].get(state)? as usize;
            if state == FORBIDDEN as usize {
                return None;
            }
            add(&mut costs, self.extras[usize::from(pattern.extra)]);
            for &position in own {
                add(&mut costs, self.costs[usize::from(position)]);
            }
            left = later;
        }
        add(&mut costs, self.ends[state]);
        left.is_empty().then(|| Week { positions: positions.to_vec(), costs })
    }
}

/// The cheapest pattern of a class. `least` is the least price of the day's duties, `least_extra` of all extras.
///
/// Patterns with the same first duty are looked at only when the others' least prices could make them the best.
fn best_of(day: &Day, class: &Class, least: i64, prices: &[i64], extras: &[i64], least_extra: i64) -> (i64, u32) {
    let groups = &day.groups[class.first as usize..class.last as usize];
    let hope = |group: &Lead| {
        let others = if least < 0 { group.others.1 } else { group.others.0 };
        prices[usize::from(group.duty)] + i64::from(others) * least + least_extra
    };
    let mut best = (i64::MAX, groups.first().map_or(0, |group| group.first));
    let mut look = |group: &Lead| {
        for (pattern, at) in day.patterns[group.first as usize..group.last as usize].iter().zip(group.first..) {
            let pairs: i64 = pattern.posts.iter().map(|&position| prices[usize::from(position)]).sum();
            let price = pairs + extras[usize::from(pattern.extra)];
            if price < best.0 {
                best = (price, at);
            }
        }
        best.0
    };
    // The most hopeful first, so that few others are worth a look.
    let Some(first) = (0..groups.len()).min_by_key(|&at| hope(&groups[at])) else { return best };
    let mut reached = look(&groups[first]);
    for (at, group) in groups.iter().enumerate() {
        if at != first && hope(group) < reached {
            reached = look(group);
        }
    }
    best
}

fn add(to: &mut Costs, costs: Costs) {
    crate::model::linear::add_costs(to, costs);
}
