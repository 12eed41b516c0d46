//! Closer bounds: from the prices of the streets' linear programmes the ascent goes on over the whole problem.
//!
//! A linear programme knows a person's week and who stands together at a post only roughly; the ascent knows both
//! exactly, and so gets further from prices that are already good.

use std::collections::{BTreeMap, HashMap};

use super::ascent::{Ascent, Prices};
use super::bound::STAGES;
use super::city::whole;
use super::flow::StreetFlow;
use super::town::{NO_SLOT, Town};
use crate::control::Options;
use crate::model::linear::fixed;
use crate::model::part::PartModel;
use crate::problem::{NeedIx, PersonIx, UnitIx};
use crate::search::city::City;
use crate::search::watch::Watch;

/// Rounds for each second of computing that the time limit leaves to a street, in each stage.
const ROUNDS_PER_SECOND: [f64; 3] = [6.0, 22.0, 14.0];
/// Rounds where that is little: the first gain most.
const FEWEST_ROUNDS: f64 = 30.0;
/// Most rounds in each stage: further ones gain little for the time of a single street.
const MOST_ROUNDS: [f64; 3] = [30.0, 400.0, 150.0];
/// Share of the time limit after which no further round begins, in each stage.
const UNTIL: [f64; 3] = [0.45, 0.87, 0.94];
/// Where a stage begins so late that this leaves nothing, it has half of what is left until here.
const LAST: f64 = 0.96;
/// Tier 3 in the first rounds of the second stage, and their share of its rounds: it tells people apart whom tiers 1 and 2
/// do not.
const TRACES: [(f64, f64); 2] = [(0.25, 0.45), (0.06, 0.2)];

/// What a street's linear programme says of prices in one stage.
#[derive(Debug, Clone, Default)]
pub struct Quote {
    /// Where a price stands, and the price.
    pub heads: Vec<(u32, f64)>,
    /// What an unsocial duty of a person costs its group.
    pub loads: Vec<(PersonIx, f64)>,
    /// For each unit that takes cases of the street: the scaled price of its room, and how many it might take.
    pub rooms: Vec<(UnitIx, i64, i64)>,
    /// Whether prices are a flow's, and so far from good ones.
    pub is_rough: bool,
}

impl Quote {
    /// Reads the multipliers of a relaxation. Of `needs` every price is read: what nobody in the relaxation is worth there,
    /// others are worth who count as the same, or else as much as anybody can be.
    #[must_use]
    pub fn new(town: &Town, needs: &[NeedIx], relaxation: &PartModel, multipliers: &[f64]) -> Self {
        let pairs = relaxation.pairs.len();
        let mut worth = vec![0.0; pairs];
        let multiplier = |row: usize| multipliers.get(row).copied().unwrap_or(0.0);
        for row in (0..relaxation.covers).filter(|&row| multiplier(row) != 0.0) {
            for &(column, factor) in relaxation.linear.terms(row) {
                if let Some(worth) = worth.get_mut(column as usize) {
                    *worth += multiplier(row) * factor as f64;
                }
            }
        }
        let mut found: HashMap<u32, f64> = HashMap::new();
        for (pair, worth) in relaxation.pairs.iter().zip(worth) {
            let citizen = &town.people[pair.person.index()];
            let position = citizen.week.needs.iter().position(|&need| need == pair.need);
            let slot = position.map_or(NO_SLOT, |position| citizen.slots[position]);
            if slot != NO_SLOT {
                found.insert(slot, worth);
            }
        }
        let mut heads: Vec<(u32, f64)> = found.iter().map(|(&slot, &worth)| (slot, worth)).collect();
        heads.sort_unstable_by_key(|&(slot, _)| slot);
        for &need in needs {
            let slots: Vec<(u32, bool)> = (town.slots[need.index()].first..).zip(town.staff_at(need)).collect();
            for &(slot, is_staff) in slots.iter().filter(|(slot, _)| !found.contains_key(slot)) {
                let known = |like: &dyn Fn(bool) -> bool| {
                    let others = slots.iter().filter(|&&(_, other)| like(other)).filter_map(|(at, _)| found.get(at));
                    others.copied().reduce(f64::max)
                };
                let worth = known(&|other| other == is_staff).or_else(|| known(&|_| true));
                heads.push((slot, worth.unwrap_or(f64::INFINITY)));
            }
        }
        let loads = relaxation.members.iter().filter_map(|member| {
            let person = relaxation.pairs.get(member.first)?.person;
            Some((person, multiplier(member.load?).max(0.0)))
        });
        let rooms = relaxation.rooms().map(|(unit, row, most)| (unit, fixed((-multiplier(row)).max(0.0)), most));
        Self { heads, loads: loads.collect(), rooms: rooms.collect(), is_rough: false }
    }

    /// Reads what a flow says, in which one unit of cost is so much.
    #[must_use]
    pub fn of_flow(town: &Town, flow: &StreetFlow, unit: f64) -> Self {
        let heads = flow.prices().flat_map(|(need, anybody, staff)| {
            let slots = (0..).zip(town.staff_at(need));
            let first = town.slots[need.index()].first;
            slots.map(move |(at, is_staff)| (first + at, if is_staff { staff } else { anybody } as f64 / unit))
        });
        let rooms = flow.rooms().map(|(unit_above, price, most)| (unit_above, fixed(price as f64 / unit), most));
        Self { heads: heads.collect(), loads: Vec::new(), rooms: rooms.collect(), is_rough: true }
    }
}

impl City<'_, '_> {
    /// The scaled bound of a stage that the ascent reaches; `quotes` stand by part.
    #[must_use]
    pub(super) fn refined(
        &self,
        town: &Town,
        stage: usize,
        quotes: &[Quote],
        (options, threads): (&Options, usize),
        watch: &Watch<'_>,
    ) -> i128 {
        let mut prices = Prices::nothing(town);
        let mut rooms: BTreeMap<UnitIx, Vec<(i64, i64)>> = BTreeMap::new();
        for (part, quote) in quotes.iter().enumerate() {
            for &(slot, price) in &quote.heads {
                prices.heads[slot as usize] = price;
            }
            for &(person, price) in &quote.loads {
                prices.loads[person.index()] = price;
            }
            for &(unit, price, most) in &quote.rooms {
                prices.rooms.insert((part, unit), price);
                rooms.entry(unit).or_default().push((price, most));
            }
        }
        let taken: i128 = rooms.into_iter().map(|(unit, streets)| self.most_for_room(unit, streets)).sum();
        let rounds = self.seconds_for_a_street(options) * ROUNDS_PER_SECOND[stage];
        let mut rounds = rounds.clamp(FEWEST_ROUNDS, MOST_ROUNDS[stage]);
        let is_rough: Vec<bool> = quotes.iter().map(|quote| quote.is_rough).collect();
        let used = watch.used();
        let until = UNTIL[stage].max(used + (LAST - used).max(0.0) / 2.0);
        let climb = |weights: [f64; 3], prices: Prices, rounds: f64| {
            let mut ascent = Ascent::new(town, self, threads, weights, (prices, &is_rough));
            for _ in 0..whole(rounds) {
                if watch.is_past(until) {
                    break;
                }
                ascent.step();
            }
            (ascent.bound, ascent.center)
        };
        // Rough prices have to come nearer first.
        if stage == 1 && !is_rough.iter().all(|&is_rough| is_rough) {
            let all = rounds;
            for (trace, share) in TRACES.into_iter().filter(|_| !watch.is_past(until)) {
                prices = climb([STAGES[1][0], STAGES[1][1], trace], prices, all * share).1;
                rounds -= all * share;
            }
        }
        climb(STAGES[stage], prices, rounds).0 - taken
    }
}
