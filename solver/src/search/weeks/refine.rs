//! Closer bounds: from the prices of the streets' linear programmes the ascent goes on over the whole problem.
//!
//! A linear programme knows a person's week and who stands together at a post only roughly; the ascent knows both
//! exactly, and so gets further from prices that are already good.

use std::collections::BTreeMap;

use super::ascent::{Ascent, Prices};
use super::bound::{STAGES, StageBounds};
use super::city::whole;
use super::flow::StreetFlow;
use super::prices::most_for_room;
use super::town::{NO_SLOT, Town};
use crate::control::Options;
use crate::model::linear::fixed;
use crate::model::part::PartModel;
use crate::problem::{PersonIx, UnitIx};
use crate::search::city::City;
use crate::search::watch::Watch;

/// Rounds for each second of computing that the time limit leaves to a street, in each stage.
const ROUNDS_PER_SECOND: [f64; 3] = [6.0, 70.0, 50.0];
/// Most rounds in each stage: further ones gain little for the time of a single street.
const MOST_ROUNDS: [f64; 3] = [6.0, 160.0, 110.0];
/// Share of the time limit after which no further round begins.
const UNTIL: f64 = 0.88;
/// Tier 3 in the first rounds of the second stage: it tells people apart whom tiers 1 and 2 do not.
const TRACES: [f64; 2] = [0.25, 0.06];

/// What a street's linear programme says of prices in one stage.
#[derive(Debug, Clone, Default)]
pub struct Quote {
    /// Where a price stands, and the price.
    pub heads: Vec<(u32, f64)>,
    /// What an unsocial duty of a person costs its group.
    pub loads: Vec<(PersonIx, f64)>,
    /// For each unit that takes cases of the street: the scaled price of its room, and how many it might take.
    pub rooms: Vec<(UnitIx, i64, i64)>,
}

impl Quote {
    /// Reads the multipliers of a street's relaxation.
    #[must_use]
    pub fn new(town: &Town, relaxation: &PartModel, multipliers: &[f64], rooms: Vec<(UnitIx, i64, i64)>) -> Self {
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
        let heads =
            relaxation.pairs.iter().zip(worth).filter(|&(_, worth)| worth != 0.0).filter_map(|(pair, worth)| {
                let citizen = &town.people[pair.person.index()];
                let position = citizen.week.needs.iter().position(|&need| need == pair.need)?;
                let slot = citizen.slots[position];
                (slot != NO_SLOT).then_some((slot, worth))
            });
        let heads = heads.collect();
        let loads = relaxation.members.iter().filter_map(|member| {
            let person = relaxation.pairs.get(member.first)?.person;
            Some((person, multiplier(member.load?).max(0.0)))
        });
        Self { heads, loads: loads.collect(), rooms }
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
        Self { heads: heads.collect(), loads: Vec::new(), rooms: rooms.collect() }
    }
}

impl City<'_, '_> {
    /// The better of the given bounds and those that the ascent reaches; `quotes` stand by part and stage.
    #[must_use]
    pub(super) fn refined(
        &self,
        town: &Town,
        quotes: &[[Quote; 3]],
        mut bounds: StageBounds,
        options: &Options,
        watch: &Watch<'_>,
    ) -> StageBounds {
        for (stage, bound) in bounds.stages.iter_mut().enumerate() {
            let mut prices = Prices::nothing(town);
            let mut rooms: BTreeMap<UnitIx, Vec<(i64, i64)>> = BTreeMap::new();
            for (part, quote) in quotes.iter().map(|quotes| &quotes[stage]).enumerate() {
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
            let taken: i128 = rooms
                .into_iter()
                .map(|(unit, streets)| most_for_room(self.network.problem.escalations(unit), streets))
                .sum();
            let rounds = (self.seconds_for_a_street(options) * ROUNDS_PER_SECOND[stage]).min(MOST_ROUNDS[stage]);
            let climb = |weights: [f64; 3], prices: Prices, rounds: f64| {
                let mut ascent = Ascent::new(town, self, options.threads, weights, prices);
                for _ in 0..whole(rounds) {
                    if watch.is_past(UNTIL) {
                        break;
                    }
                    ascent.step();
                }
                (ascent.bound, ascent.center)
            };
            if watch.is_past(UNTIL) {
                break;
            }
            let mut left = rounds;
            if stage == 1 {
                for trace in TRACES {
                    prices = climb([STAGES[1][0], STAGES[1][1], trace], prices, rounds * 0.25).1;
                    left -= rounds * 0.25;
                }
            }
            *bound = (*bound).max(climb(STAGES[stage], prices, left).0 - taken);
        }
        bounds
    }
}
