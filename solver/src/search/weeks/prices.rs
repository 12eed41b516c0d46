//! The bounds of the whole: prices of all posts from each street's flow and linear programmes, exact weeks at these.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::bound::{PROGRAMMES, STAGES, StageBounds};
use super::flow::{StreetFlow, WholeWeights};
use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch};
use super::refine::Quote;
use super::scarce::Scarce;
use super::street::{StreetShare, StreetWeeks};
use super::town::Town;
use crate::control::Options;
use crate::model::linear::fixed;
use crate::model::part::{PartModel, Role};
use crate::problem::{NeedIx, PersonIx, UnitIx};
use crate::search::city::City;
use crate::search::part_search::Programme;
use crate::search::watch::{Watch, parallel};

/// Share of the time limit after which no linear programme for a bound is started.
const PROOF_SHARE: f64 = 0.85;
/// Seconds of computing for a street below which prices come from flows alone.
const ROOMY: f64 = 1.5;
/// [`PROGRAMMES`] in whole numbers, and what one unit of cost is there.
const FLOWS: [WholeWeights; 3] = [[8000, 0, 0], [11_200, 8000, 32], [4000, 500, 8000]];
const UNIT: f64 = 8000.0;

/// Seconds of computing for a street from which on what is scarce is looked for without people from elsewhere.
const SECONDS_WITHOUT_GUESTS: f64 = 3.0;

/// What a street's cheapest flow says.
#[derive(Debug, Default)]
pub struct FlowPrices {
    /// Posts and cases at which a head more is worth something in tier 1.
    pub scarce: Vec<NeedIx>,
    /// Prices of each stage, where time is short.
    quotes: Option<[Quote; 3]>,
}

/// What is known of a street in each stage.
type Priced = [(StreetShare, Quote); 3];

impl City<'_, '_> {
    /// What the streets' cheapest flows say; nothing without a town. With time to spare flows leave out people from
    /// elsewhere: more is scarce then, and linear programmes give prices.
    pub(super) fn flows(&self, town: Option<&Town>, options: &Options) -> Vec<FlowPrices> {
        let seconds = self.seconds_for_a_street(options);
        parallel(options.threads, self.parts(), |part| {
            let Some(town) = town else { return FlowPrices::default() };
            let mut street = self.priced(part);
            street.members.retain(|member| seconds < SECONDS_WITHOUT_GUESTS || member.role != Role::Guest);
            let mut flow = StreetFlow::new(self.network, town, part, &street);
            flow.solve_in_order(town, &street, 1);
            let scarce = flow.scarce().collect();
            let mut quote = |stage: usize| {
                // Where only needs count in tier 1, their scarcity decides it.
                if stage == 0 && self.tier1_is_of_needs() {
                    return Quote::default();
                }
                flow.solve(FLOWS[stage]);
                Quote::of_flow(town, &flow, UNIT)
            };
            FlowPrices { scarce, quotes: (seconds < ROOMY).then(|| [0, 1, 2].map(&mut quote)) }
        })
    }

    /// The bounds of the whole at the prices of all streets.
    pub(super) fn prices(
        &self,
        (scarce, flows): (&Scarce, &[FlowPrices]),
        town: Option<&Town>,
        options: &Options,
        watch: &Watch<'_>,
        tell: &(dyn Fn() + Sync),
    ) -> Option<StageBounds> {
        let found = parallel(options.threads, self.parts(), |part| {
            let found = match town {
                Some(town) => match &flows[part].quotes {
                    Some(quotes) => Some([0, 1, 2].map(|stage| (self.unpriced(part, stage), quotes[stage].clone()))),
                    None => self.shares_by_flow(part, town, watch),
                },
                None => self.shares(part, watch),
            };
            tell();
            found
        });
        let found: Vec<Priced> = found.into_iter().collect::<Option<_>>()?;
        let mut shares = Vec::with_capacity(found.len());
        let mut quotes = Vec::with_capacity(found.len());
        for [first, second, third] in found {
            shares.push([first.0, second.0, third.0]);
            quotes.push([first.1, second.1, third.1]);
        }
        let mut bounds = self.bound(shares, town, options)?;
        bounds.stages[0] = scarce.bound.map_or(bounds.stages[0], |bound| bounds.stages[0].max(bound));
        if let Some(quotes) = quotes.first_mut() {
            quotes[0].heads.extend(&scarce.prices);
        }
        let bounds = town.map_or(bounds, |town| self.refined(town, &quotes, bounds, options, watch));
        let is_first_of_programmes = scarce.is_of_programmes && scarce.bound == Some(bounds.stages[0]);
        Some(StageBounds { is_first_of_programmes, ..bounds.with(self.receptions().stages()) })
    }

    /// A street's shares of the bound at the prices of its linear programmes, where there is time for them, and these
    /// prices, those of its flow otherwise.
    fn shares_by_flow(&self, part: usize, town: &Town, watch: &Watch<'_>) -> Option<Priced> {
        let nothing = |stage: usize| (self.unpriced(part, stage), Quote::default());
        if watch.is_past(PROOF_SHARE) {
            return Some([0, 1, 2].map(nothing));
        }
        let relaxed = self.priced(part);
        let mut flow = StreetFlow::new(self.network, town, part, &relaxed);
        flow.solve_in_order(town, &relaxed, 0);
        let street = StreetWeeks::new(self.network, &relaxed, Some(town))?;
        let relaxation = PartModel::relaxation(self.network, &relaxed);
        let mut scratch = Scratch::default();
        Some([0, 1, 2].map(|stage: usize| {
            // Where only needs count in tier 1, their scarcity decides it.
            if stage == 0 && self.tier1_is_of_needs() {
                return nothing(stage);
            }
            flow.solve(FLOWS[stage]);
            let by_flow = |flow: &StreetFlow| (self.unpriced(part, stage), Quote::of_flow(town, flow, UNIT));
            if watch.is_past(PROOF_SHARE) {
                return by_flow(&flow);
            }
            let mut programme = Programme::starting_from(&relaxation, &flow.likely().collect());
            let Some(found) = programme.solve(PROGRAMMES[stage]) else { return by_flow(&flow) };
            let prices = street.prices(&relaxation, &found.multipliers);
            let share = street.share(scaled(STAGES[stage]), &prices, &mut scratch);
            let quote = Quote::new(town, &relaxation, &found.multipliers, share.rooms.clone());
            (share, quote)
        }))
    }

    /// A street's shares of the bound at the prices of its linear programmes, without a town.
    fn shares(&self, part: usize, watch: &Watch<'_>) -> Option<Priced> {
        if watch.is_past(PROOF_SHARE) {
            return Some([0, 1, 2].map(|stage: usize| (self.unpriced(part, stage), Quote::default())));
        }
        let relaxed = self.priced(part);
        let street = StreetWeeks::new(self.network, &relaxed, None)?;
        let relaxation = PartModel::relaxation(self.network, &relaxed);
        let mut scratch = Scratch::default();
        let mut programme = Programme::new(&relaxation);
        Some([0, 1, 2].map(|stage: usize| {
            // Each stage starts from the optimum of the one before.
            let found = if watch.is_past(PROOF_SHARE) { None } else { programme.solve(PROGRAMMES[stage]) };
            let multipliers = found.as_ref().map_or(&[][..], |found| &found.multipliers);
            let prices = street.prices(&relaxation, multipliers);
            (street.share(scaled(STAGES[stage]), &prices, &mut scratch), Quote::default())
        }))
    }

    /// The share of a street whose posts have no prices: nothing, since no rule rewards.
    fn unpriced(&self, part: usize, stage: usize) -> StreetShare {
        let weights = scaled(STAGES[stage]);
        let visitors = self.visitors(part);
        let shared = visitors.map(|(person, need)| {
            let cost = super::price::scaled(self.network.pair_cost(person, need), weights);
            (person, need, cost)
        });
        StreetShare { fixed: 0, shared: shared.collect(), rooms: Vec::new() }
    }

    /// The bounds of all stages over the whole problem.
    fn bound(&self, shares: Vec<[StreetShare; 3]>, town: Option<&Town>, options: &Options) -> Option<StageBounds> {
        let mut stages = [0_i128; 3];
        let mut prices: [HashMap<(PersonIx, NeedIx), i64>; 3] = Default::default();
        let mut rooms: [BTreeMap<UnitIx, Vec<(i64, i64)>>; 3] = Default::default();
        for share in shares {
            for (((stage, prices), rooms), share) in stages.iter_mut().zip(&mut prices).zip(&mut rooms).zip(share) {
                *stage += share.fixed;
                for (unit, price, most) in share.rooms {
                    rooms.entry(unit).or_default().push((price, most));
                }
                prices.extend(share.shared.into_iter().map(|(person, need, price)| ((person, need), price)));
            }
        }
        for (stage, rooms) in stages.iter_mut().zip(rooms) {
            for (unit, streets) in rooms {
                let room = self.network.problem.escalations(unit);
                *stage -= most_for_room(room, streets);
            }
        }
        // Whoever has copies in relaxed parts, even somebody who serves in one part only, but not at home.
        let copied: Vec<PersonIx> =
            (0..self.network.problem.people.len()).filter(|&at| self.is_away(at)).map(PersonIx::from_index).collect();
        let values: Vec<Option<[i128; 3]>> = parallel(options.threads, copied.len(), |at| {
            let person = copied[at];
            let week = match town {
                Some(town) => Arc::clone(&town.people[person.index()].week),
                None => {
                    let kept = self.pins_of(person);
                    Arc::new(PersonWeek::new(self.network, person, self.candidates(person), &kept)?)
                }
            };
            let mut scratch = Scratch::default();
            let mut values = [0; 3];
            for ((value, prices), weights) in values.iter_mut().zip(&prices).zip(STAGES) {
                let reduced: Vec<i64> =
                    week.needs.iter().map(|&need| prices.get(&(person, need)).copied()).collect::<Option<_>>()?;
                *value = i128::from(week.cheapest(&reduced, scaled(weights), &mut scratch).0);
            }
            Some(values)
        });
        for values in values {
            for (stage, value) in stages.iter_mut().zip(values?) {
                *stage += value;
            }
        }
        Some(StageBounds { stages, tier1_step: self.tier1_step(), is_first_of_programmes: false })
    }
}

/// Most that the room of a unit above can fetch at the streets' prices: streets with the highest price first. Taking it
/// away makes the sum of the streets' shares a bound, whatever their prices.
pub(super) fn most_for_room(room: i64, mut streets: Vec<(i64, i64)>) -> i128 {
    streets.sort_unstable_by(|one, other| other.cmp(one));
    let mut left = room;
    let mut sum = 0;
    for (price, most) in streets.into_iter().filter(|&(price, _)| price > 0) {
        let taken = most.min(left);
        sum += i128::from(price) * i128::from(taken);
        left -= taken;
    }
    sum
}

fn scaled(weights: [f64; 3]) -> ScaledWeights {
    weights.map(fixed)
}
