//! Good prices, and the bound that they prove: the volume algorithm (Barahona, Anbil 2000) over exact weeks.
//!
//! Every post has a price for each kind of person; a head is worth it to the post, and the person earns it. At any
//! prices the sum of the posts' least costs and of everybody's cheapest week is at most the weighted cost of any roster,
//! people who serve in several streets counted once over all of them. Prices rise where heads are missing and fall where
//! too many come, along an average of what has been seen; each street finds its own length of step.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI32, Ordering};

use super::price::{ScaledWeights, Scratch, scaled};
use super::town::{Meeting, NO_SLOT, Town, Upward};
use crate::model::linear::fixed;
use crate::problem::{NeedIx, UnitIx};
use crate::search::city::City;
use crate::search::watch::parallel;

/// Prices of one stage.
#[derive(Debug, Clone)]
pub struct Prices {
    /// What a head is worth: one for each of [`Town::prices`].
    pub heads: Vec<f64>,
    /// What each unsocial duty of a person adds to the greatest load of its group.
    pub loads: Vec<f64>,
    /// By part and unit above: what its room for a case is worth there, scaled. These stay as they are.
    pub rooms: HashMap<(usize, UnitIx), i64>,
}

impl Prices {
    /// Prices of nothing.
    #[must_use]
    pub fn nothing(town: &Town) -> Self {
        Self { heads: vec![0.0; town.prices], loads: vec![0.0; town.people.len()], rooms: HashMap::new() }
    }
}

/// What happens at some prices.
struct Round {
    /// Lagrangian value by part, scaled.
    values: Vec<i128>,
    /// By price: heads that the post wants less heads that come.
    missing: Vec<f64>,
    /// By person: unsocial load.
    loads: Vec<f64>,
}

/// How far a part has come.
#[derive(Debug, Clone, Copy)]
struct Climb {
    /// Best value so far, scaled.
    value: f64,
    /// Share of the distance to the goal that a step covers.
    pace: f64,
    /// Greatest weight of a round in the average.
    mixing: f64,
    /// Rounds without gain since the last one with a gain.
    failures: u32,
}

/// The ascent of one stage.
pub struct Ascent<'t, 'c, 'n, 'p> {
    town: &'t Town,
    city: &'c City<'n, 'p>,
    threads: usize,
    weights: ScaledWeights,
    /// Costs of each table's entries.
    tables: Vec<Vec<i64>>,
    /// Bounds of the prices of each table.
    ranges: Vec<(f64, f64)>,
    /// The best prices so far, part by part.
    pub center: Prices,
    /// Slopes, averaged over rounds.
    average: Vec<f64>,
    /// Unsocial loads, averaged over rounds.
    loads: Vec<f64>,
    climbs: Vec<Climb>,
    /// By price: whether it moves as those do that are alike.
    is_even: Vec<bool>,
    /// Best bound of the whole so far, scaled.
    pub bound: i128,
}

/// How far above the best value so far the goal lies, as a share of it.
const AMBITION: f64 = 0.02;
/// Pace and mixing of a part's first steps: from rough prices, and from good ones, which long steps would spoil.
const ROUGH: (f64, f64) = (2.0, 0.7);
const CLOSE: (f64, f64) = (0.5, 0.5);
/// One unit of cost, scaled.
const SCALE: f64 = (1_u64 << 20) as f64;

impl<'t, 'c, 'n, 'p> Ascent<'t, 'c, 'n, 'p> {
    /// Starts from prices; whether those of a part are rough says how far its first steps go.
    #[must_use]
    pub fn new(
        town: &'t Town,
        city: &'c City<'n, 'p>,
        threads: usize,
        weights: [f64; 3],
        (start, is_rough): (Prices, &[bool]),
    ) -> Self {
        let scaled_weights = weights.map(fixed);
        let weighted =
            |costs: [i64; 3]| costs.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum::<f64>();
        let room = |up: &Upward| start.rooms.get(&(up.part, up.unit)).copied().unwrap_or(0);
        let tables = town.tables.iter().zip(&town.upward).map(|(table, upward)| {
            let mut costs = table.scaled(scaled_weights);
            if let (Some(up), Some(nobody)) = (upward, costs.first_mut()) {
                *nobody = (*nobody).min(scaled(up.costs, scaled_weights) + room(up));
            }
            costs
        });
        let tables = tables.collect();
        let ranges = town.tables.iter().map(|table| (-weighted(table.burden), weighted(table.worth))).collect();
        let climb = |&is_rough: &bool| {
            let (pace, mixing) = if is_rough { ROUGH } else { CLOSE };
            Climb { value: f64::NEG_INFINITY, pace, mixing, failures: 0 }
        };
        let mut ascent = Self {
            town,
            city,
            threads,
            weights: scaled_weights,
            tables,
            ranges,
            center: start,
            average: Vec::new(),
            loads: Vec::new(),
            climbs: is_rough.iter().map(climb).collect(),
            is_even: is_even(town, is_rough),
            bound: i128::MIN,
        };
        ascent.keep_in_range();
        let prices = ascent.center.clone();
        let round = ascent.round(&prices);
        ascent.bound = round.values.iter().sum();
        for (climb, &value) in ascent.climbs.iter_mut().zip(&round.values) {
            climb.value = value as f64;
        }
        ascent.average = round.missing;
        ascent.loads = round.loads;
        ascent
    }

    /// Brings prices into the ranges of the posts.
    fn keep_in_range(&mut self) {
        for need in self.town.needs.iter().flatten() {
            let (low, high) = self.range(*need);
            for price in &mut self.center.heads[self.town.prices_of(*need)] {
                *price = price.clamp(low, high);
            }
        }
    }

    /// Bounds of the prices of a need: a seat is worth its reception, and taking it for nothing costs as much.
    fn range(&self, need: NeedIx) -> (f64, f64) {
        match self.town.seat_worth[need.index()] {
            Some(worth) => {
                let worth = scaled(worth, self.weights) as f64 / SCALE;
                (-worth, worth)
            }
            None => self.ranges[self.town.slots[need.index()].table as usize],
        }
    }

    /// One round.
    pub fn step(&mut self) {
        let trial = self.next();
        let round = self.round(&trial);
        self.bound = self.bound.max(round.values.iter().sum());
        for part in 0..self.city.parts() {
            self.take(part, &trial, &round);
        }
    }

    /// The next prices, part by part: a step from the best ones along the averaged slopes.
    fn next(&self) -> Prices {
        let mut next = self.center.clone();
        for part in 0..self.city.parts() {
            let climb = self.climbs[part];
            let mut length = 0.0;
            for need in &self.town.needs[part] {
                let (low, high) = self.range(*need);
                for at in self.town.prices_of(*need) {
                    let (price, slope) = (self.center.heads[at], self.average[at]);
                    let is_stuck = (price <= low && slope < 0.0) || (price >= high && slope > 0.0);
                    length += if is_stuck { 0.0 } else { slope * slope };
                }
            }
            if length < 1e-9 {
                continue;
            }
            let distance = (AMBITION * climb.value.abs()).max(SCALE) / SCALE;
            let step = climb.pace * distance / length;
            for need in &self.town.needs[part] {
                let (low, high) = self.range(*need);
                for at in self.town.prices_of(*need) {
                    next.heads[at] = (next.heads[at] + step * self.average[at]).clamp(low, high);
                }
            }
            for &group in &self.town.groups_of[part] {
                self.move_loads(group, step, &mut next.loads);
            }
        }
        next
    }

    fn group_cost(&self, group: u32) -> f64 {
        scaled(self.town.groups[group as usize].cost, self.weights) as f64 / SCALE
    }

    /// A step of the prices of loads: those of the most loaded rise, and together they stay within the group's cost.
    fn move_loads(&self, group: u32, step: f64, prices: &mut [f64]) {
        let members = &self.town.groups[group as usize].members;
        let most = self.group_cost(group);
        if most <= 0.0 {
            return;
        }
        let floor = members.iter().map(|person| self.town.people[person.index()].ledger).max().unwrap_or(0) as f64;
        let (sum, weighted) = members.iter().fold((0.0, 0.0), |(sum, weighted), person| {
            let price = prices[person.index()];
            (sum + price, weighted + price * self.loads[person.index()])
        });
        let level = if sum > 0.0 { (weighted / sum).max(floor) } else { floor };
        let mut sum = 0.0;
        for person in members {
            let price = &mut prices[person.index()];
            *price = (*price + step * (self.loads[person.index()] - level)).max(0.0);
            sum += *price;
        }
        if sum > most {
            for person in members {
                prices[person.index()] *= most / sum;
            }
        }
    }

    /// Judges a round for a part: better prices become the centre and quicken the pace, worse ones slow it.
    fn take(&mut self, part: usize, trial: &Prices, round: &Round) {
        let (mut along, mut length, mut ahead) = (0.0, 1e-9, 0.0);
        for need in &self.town.needs[part] {
            for at in self.town.prices_of(*need) {
                let (own, other) = (self.average[at], round.missing[at]);
                along += own * (own - other);
                length += (own - other) * (own - other);
                ahead += own * other;
            }
        }
        let climb = &mut self.climbs[part];
        let share = (along / length).clamp(0.1 * climb.mixing, climb.mixing);
        let value = round.values[part] as f64;
        let is_better = value > climb.value;
        if is_better {
            climb.value = value;
            climb.failures = 0;
            if ahead > 0.0 {
                climb.pace = (climb.pace * 1.5).min(50.0);
            }
        } else {
            climb.failures += 1;
            if climb.value - value > 0.2 * AMBITION * climb.value.abs() {
                climb.pace *= 0.6;
            }
            if climb.failures.is_multiple_of(4) {
                climb.pace = (climb.pace * 0.66).max(1e-3);
                climb.mixing = (climb.mixing * 0.95).max(0.05);
            }
        }
        for need in &self.town.needs[part] {
            for at in self.town.prices_of(*need) {
                self.average[at] += share * (round.missing[at] - self.average[at]);
                if is_better {
                    self.center.heads[at] = trial.heads[at];
                }
            }
        }
        for person in self.city.residents(part) {
            let at = person.index();
            self.loads[at] += share * (round.loads[at] - self.loads[at]);
            if is_better {
                self.center.loads[at] = trial.loads[at];
            }
        }
    }

    /// The Lagrangian at some prices, exactly.
    fn round(&self, prices: &Prices) -> Round {
        let heads: Vec<i64> = prices.heads.iter().map(|&price| fixed(price)).collect();
        let used: Vec<AtomicI32> = (0..self.town.prices).map(|_| AtomicI32::new(0)).collect();
        let found = parallel(self.threads, self.city.parts(), |part| self.share(part, &heads, &prices.loads, &used));
        let mut loads = vec![0.0; self.town.people.len()];
        let mut values = Vec::with_capacity(found.len());
        for (part, (value, own)) in found.into_iter().enumerate() {
            values.push(value);
            for (person, load) in self.city.residents(part).iter().zip(own) {
                loads[person.index()] = load;
            }
        }
        let mut missing: Vec<f64> = used.iter().map(|used| f64::from(used.load(Ordering::Relaxed))).collect();
        self.even_out(&mut missing);
        Round { values, missing, loads }
    }

    /// Spreads what is missing over the posts that are alike, where prices are rough: at prices that hardly differ everybody
    /// takes the first of these, so that single posts say nothing.
    fn even_out(&self, missing: &mut [f64]) {
        let mut sums: Vec<(f64, f64)> = vec![(0.0, 0.0); missing.len()];
        for (&class, &own) in self.town.alike.iter().zip(&*missing) {
            let sum = &mut sums[class as usize];
            *sum = (sum.0 + own, sum.1 + 1.0);
        }
        let all = self.town.alike.iter().zip(&self.is_even).zip(missing);
        for ((&class, _), own) in all.filter(|((_, is_even), _)| **is_even) {
            let (sum, count) = sums[class as usize];
            *own = sum / count;
        }
    }

    /// The least that a reception costs at some prices of its seats, the people at them paid; these count as used.
    fn least(&self, meeting: &Meeting, heads: &[i64], used: &[AtomicI32]) -> i64 {
        let mut best = (scaled(meeting.unheld, self.weights), None);
        for sitting in &meeting.options {
            let mut value = scaled(sitting.costs, self.weights);
            let mut slots = [None; 2];
            for (slot, &(need, count)) in slots.iter_mut().zip(&sitting.seats) {
                // Whoever is cheapest takes the seat; nobody can where there is no price.
                let range = self.town.prices_of(need);
                let Some(at) = range.min_by_key(|&at| heads[at]) else {
                    value = i64::MAX;
                    break;
                };
                value = value.saturating_add(heads[at] * i64::from(count));
                *slot = Some((at, i32::from(count)));
            }
            if value < best.0 {
                best = (value, Some(slots));
            }
        }
        for (at, count) in best.1.into_iter().flatten().flatten() {
            used[at].fetch_add(count, Ordering::Relaxed);
        }
        best.0
    }

    /// A part's share of the Lagrangian: its posts and the people who live there. Also their loads.
    fn share(&self, part: usize, heads: &[i64], loads: &[f64], used: &[AtomicI32]) -> (i128, Vec<f64>) {
        let town = self.town;
        let mut value = 0_i128;
        for meeting in &town.meetings[part] {
            value += i128::from(self.least(meeting, heads, used));
        }
        for need in self.town.needs[part].iter().filter(|need| town.seat_worth[need.index()].is_none()) {
            let slots = town.slots[need.index()];
            let range = town.prices_of(*need);
            let (least, counts) =
                town.tables[slots.table as usize].least(&self.tables[slots.table as usize], &heads[range.clone()]);
            value += i128::from(least);
            for (at, &count) in range.zip(counts) {
                used[at].fetch_add(i32::from(count), Ordering::Relaxed);
            }
        }
        let mut scratch = Scratch::default();
        let mut reduced = Vec::new();
        let mut own = Vec::with_capacity(self.city.residents(part).len());
        let mut prices_of_load = Vec::with_capacity(own.capacity());
        for person in self.city.residents(part) {
            let citizen = &town.people[person.index()];
            let load = fixed(loads[person.index()]);
            reduced.clear();
            reduced.extend(citizen.week.costs.iter().enumerate().map(|(position, &cost)| {
                let slot = citizen.slots[position];
                let price = if slot == NO_SLOT { 0 } else { heads[slot as usize] };
                scaled(cost, self.weights) - price + if citizen.unsocial[position] { load } else { 0 }
            }));
            for &(position, costs) in &citizen.seats {
                // The week's own costs leave seats out.
                reduced[usize::from(position)] += scaled(costs, self.weights);
            }
            let (least, week) = citizen.week.cheapest(&reduced, self.weights, &mut scratch);
            value += i128::from(least) + i128::from(load) * i128::from(citizen.ledger);
            let mut unsocial = citizen.ledger;
            for position in week.positions {
                let position = usize::from(position);
                unsocial += i64::from(citizen.unsocial[position]);
                let slot = citizen.slots[position];
                if slot != NO_SLOT {
                    used[slot as usize].fetch_sub(1, Ordering::Relaxed);
                }
            }
            own.push(unsocial as f64);
            prices_of_load.push(load);
        }
        for &group in &town.groups_of[part] {
            let group = &town.groups[group as usize];
            let sum: i64 = group.members.iter().map(|person| fixed(loads[person.index()])).sum();
            let floor = group.members.iter().map(|person| town.people[person.index()].ledger).max().unwrap_or(0).max(0);
            let left = scaled(group.cost, self.weights) - sum;
            // Below zero the greatest load would be as large as can be; a week has no more duties than this.
            let level = if left >= 0 { floor } else { floor + 64 };
            value += i128::from(left) * i128::from(level);
        }
        (value, own)
    }
}

/// By price: whether those of its part are rough.
fn is_even(town: &Town, is_rough: &[bool]) -> Vec<bool> {
    let mut is_even = vec![false; town.prices];
    for need in town.needs.iter().zip(is_rough).filter(|(_, is_rough)| **is_rough).flat_map(|(needs, _)| needs) {
        is_even[town.prices_of(*need)].fill(true);
    }
    is_even
}
