//! The bounds of the whole: prices of all posts from each street's flow and linear programmes, exact weeks at these.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::bound::{PROGRAMMES, STAGES, StageBounds};
use super::flow::{StreetFlow, WholeWeights};
use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch};
use super::refine::Quote;
use super::street::{StreetShare, StreetWeeks};
use super::town::Town;
use crate::control::Options;
use crate::model::linear::fixed;
use crate::model::part::{PartModel, PartSpec};
use crate::problem::{NeedIx, PersonIx, UnitIx};
use crate::search::city::City;
use crate::search::part_search::Programme;
use crate::search::watch::{Watch, parallel};

/// Shares of the time limit after which no linear programme for the bound of a stage is started.
const PROOF_SHARES: [f64; 3] = [0.4, 0.7, 0.65];
/// Shares after which a stage is left without a bound: prices alone prove little.
const LATEST: [f64; 3] = [0.4, 0.92, 0.94];
/// [`PROGRAMMES`] in whole numbers, and what one unit of cost is there.
const FLOWS: [WholeWeights; 3] = [[8000, 0, 0], [11_200, 8000, 32], [4000, 500, 8000]];
const UNIT: f64 = 8000.0;

/// A street with everybody in place, and what its cheapest flows say.
struct Flowing {
    spec: PartSpec,
    /// By stage: prices, and the duties that the flow has or might have.
    stages: Vec<(Quote, Vec<(PersonIx, NeedIx)>)>,
}

impl City<'_, '_> {
    /// The bounds of the whole at the prices of all streets; `duties` are a roster's, or none. Of tier 1 they say nothing
    /// where only needs count there: their scarcity decides it.
    pub(super) fn prices(
        &self,
        duties: &[Vec<NeedIx>],
        town: Option<&Town>,
        (options, threads): (&Options, usize),
        watch: &Watch<'_>,
        tell: &(dyn Fn() + Sync),
    ) -> Option<StageBounds> {
        let Some(town) = town else {
            let shares = parallel(threads, self.parts(), |part| {
                let found = self.shares(part, watch);
                tell();
                found
            });
            return self.bound(shares.into_iter().collect::<Option<_>>()?, threads);
        };
        // No rule rewards.
        let mut bounds = StageBounds { stages: [0; 3], tier1_step: self.tier1_step(), is_first_of_programmes: false };
        let first = usize::from(self.tier1_is_of_needs());
        if (first..STAGES.len()).all(|stage| watch.is_past(LATEST[stage])) {
            return Some(bounds);
        }
        let streets = parallel(threads, self.parts(), |part| self.flow(part, duties, town, first));
        for stage in first..STAGES.len() {
            if watch.is_past(LATEST[stage]) {
                continue;
            }
            let found = parallel(threads, self.parts(), |part| {
                let found = self.quote((part, stage), &streets[part], town, watch);
                if stage + 1 == STAGES.len() {
                    tell();
                }
                found
            });
            let (quotes, shares): (Vec<Quote>, Vec<Option<StreetShare>>) = found.into_iter().unzip();
            bounds.stages[stage] = self.refined(town, stage, &quotes, (options, threads), watch);
            if let Some(sum) = self.sum(shares) {
                bounds.stages[stage] = bounds.stages[stage].max(sum);
            }
        }
        Some(bounds)
    }

    /// The bound that streets' shares give where nobody serves away from home.
    fn sum(&self, shares: Vec<Option<StreetShare>>) -> Option<i128> {
        let mut sum = 0;
        let mut rooms: BTreeMap<UnitIx, Vec<(i64, i64)>> = BTreeMap::new();
        for share in shares {
            let share = share?;
            sum += share.fixed;
            for (unit, price, most) in share.rooms {
                rooms.entry(unit).or_default().push((price, most));
            }
        }
        let taken = rooms.into_iter().map(|(unit, streets)| self.most_for_room(unit, streets));
        Some(sum - taken.sum::<i128>())
    }

    /// A street's cheapest flows of the stages from `first` on, each from the one before, in which nobody has more duties
    /// than a week of theirs can hold: without that prices begin higher and get half as far.
    ///
    /// Everybody is where a roster has them, or at home: with a copy of whoever may serve in several streets in each of
    /// them, prices would be those of more people than there are.
    fn flow(&self, part: usize, duties: &[Vec<NeedIx>], town: &Town, first: usize) -> Flowing {
        let spec = self.in_place(part, duties);
        let mut flow = StreetFlow::new(self.network, town, part, &spec);
        flow.solve_in_order(town, &spec, 0);
        let stages = FLOWS.iter().enumerate().map(|(stage, &weights)| {
            if stage < first {
                return (Quote::default(), Vec::new());
            }
            flow.solve(weights);
            (Quote::of_flow(town, &flow, UNIT), flow.likely().collect())
        });
        let stages = stages.collect();
        Flowing { spec, stages }
    }

    /// Prices of a street's linear programme, those of its cheapest flow when it is late. Where nobody serves away from
    /// home, also the street's share of the bound at the prices of all rows of the programme, which say more of newcomers
    /// than prices of posts can.
    fn quote(
        &self,
        (part, stage): (usize, usize),
        Flowing { spec, stages }: &Flowing,
        town: &Town,
        watch: &Watch<'_>,
    ) -> (Quote, Option<StreetShare>) {
        let (quote, likely) = &stages[stage];
        if watch.is_past(PROOF_SHARES[stage]) {
            return (quote.clone(), None);
        }
        // The flow knows nothing of seats.
        let seats = spec.members.iter().flat_map(|member| {
            let seats = member.candidates.iter().copied().filter(|&need| self.is_seat(need));
            seats.map(|need| (member.person, need))
        });
        let likely: HashSet<(PersonIx, NeedIx)> = likely.iter().copied().chain(seats).collect();
        let relaxation = PartModel::relaxation(self.network, spec);
        let Some(found) = Programme::starting_from(&relaxation, &likely).solve(PROGRAMMES[stage]) else {
            return (quote.clone(), None);
        };
        let share = self.is_apart().then(|| {
            let street = StreetWeeks::new(self.network, spec, Some(town))?;
            let prices = street.prices(&relaxation, &found.multipliers);
            Some(street.share(scaled(STAGES[stage]), &prices, &mut Scratch::default()))
        });
        (Quote::new(town, &town.needs[part], &relaxation, &found.multipliers), share.flatten())
    }

    /// A street's shares of the bound at the prices of its linear programmes, without a town.
    fn shares(&self, part: usize, watch: &Watch<'_>) -> Option<[StreetShare; 3]> {
        if watch.is_past(PROOF_SHARES[0]) {
            return Some([0, 1, 2].map(|stage: usize| self.unpriced(part, stage)));
        }
        let relaxed = self.priced(part);
        let street = StreetWeeks::new(self.network, &relaxed, None)?;
        let relaxation = PartModel::relaxation(self.network, &relaxed);
        let mut scratch = Scratch::default();
        let mut programme = Programme::new(&relaxation);
        Some([0, 1, 2].map(|stage: usize| {
            // Each stage starts from the optimum of the one before.
            let found = if watch.is_past(PROOF_SHARES[stage]) { None } else { programme.solve(PROGRAMMES[stage]) };
            let multipliers = found.as_ref().map_or(&[][..], |found| &found.multipliers);
            let prices = street.prices(&relaxation, multipliers);
            street.share(scaled(STAGES[stage]), &prices, &mut scratch)
        }))
    }

    /// The share of a street whose posts have no prices: nothing, since no rule rewards.
    fn unpriced(&self, part: usize, stage: usize) -> StreetShare {
        let weights = scaled(STAGES[stage]);
        let visitors = self.visitors(part);
        let shared = visitors.map(|(person, need)| {
            let cost = super::price::scaled(self.network.whole_cost(person, need), weights);
            (person, need, cost)
        });
        StreetShare { fixed: 0, shared: shared.collect(), rooms: Vec::new() }
    }

    /// Most that the room of a unit above can fetch at the streets' prices: streets with the highest price first. Taking it
    /// away makes the sum of the streets' shares a bound, whatever their prices.
    pub(super) fn most_for_room(&self, unit: UnitIx, mut streets: Vec<(i64, i64)>) -> i128 {
        streets.sort_unstable_by(|one, other| other.cmp(one));
        let mut left = self.network.problem.escalations(unit);
        let mut sum = 0;
        for (price, most) in streets.into_iter().filter(|&(price, _)| price > 0) {
            let taken = most.min(left);
            sum += i128::from(price) * i128::from(taken);
            left -= taken;
        }
        sum
    }

    /// The bounds of all stages over the whole problem, without a town.
    fn bound(&self, shares: Vec<[StreetShare; 3]>, threads: usize) -> Option<StageBounds> {
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
            *stage -= rooms.into_iter().map(|(unit, streets)| self.most_for_room(unit, streets)).sum::<i128>();
        }
        // Whoever has copies in relaxed parts, even somebody who serves in one part only, but not at home.
        let copied: Vec<PersonIx> =
            (0..self.network.problem.people.len()).filter(|&at| self.is_away(at)).map(PersonIx::from_index).collect();
        let values: Vec<Option<[i128; 3]>> = parallel(threads, copied.len(), |at| {
            let person = copied[at];
            let week = PersonWeek::new(self.network, person, self.candidates(person), &self.pins_of(person))?;
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

fn scaled(weights: [f64; 3]) -> ScaledWeights {
    weights.map(fixed)
}
