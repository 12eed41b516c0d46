//! The bounds of all tiers: which prices are sought in which order, and how much time they are worth.
//!
//! Tier 3 first: it tells people apart whom the tiers above do not, so that prices are found quickly. Tier 2 follows
//! from these prices with less and less of tier 3 until none is left. Tier 1 is a small linear programme over what is
//! scarce: the posts that ask for a skill of which some post lacks a head.

use std::collections::HashSet;

use super::ascent::{Ascent, Prices};
use super::bound::{STAGES, StageBounds};
use super::city::whole;
use super::roster::Roster;
use super::town::Town;
use crate::control::Options;
use crate::model::linear::{bound_scale, fixed};
use crate::model::part::{PartModel, PartSpec};
use crate::problem::{NeedIx, SkillIx};
use crate::search::city::{City, Watch, parallel};
use crate::search::part_search::Programme;

/// Rounds of pricing for each second of computing that the time limit leaves to a street.
const ROUNDS_PER_SECOND: f64 = 150.0;
/// Fewest and most rounds.
const ROUNDS: [f64; 2] = [40.0, 1500.0];
/// Shares of the time limit after which no further round begins: for tier 3, whose prices people then plan by, for
/// tier 1, and for tier 2.
const UNTIL: [f64; 3] = [0.25, 0.7, 0.85];
/// Rounds from the prices of scarce posts.
const ROUNDS_OF_TIER1: f64 = 6.0;
/// Share of the rounds for tier 3, then for tier 2 with so much of tier 3.
const TIER3_SHARE: f64 = 0.4;
const TIER2: [(f64, f64); 5] = [(4.0, 0.1), (1.0, 0.1), (0.25, 0.12), (0.06, 0.13), (0.0, 0.15)];

/// What seeks the bounds of a roster.
pub struct Prover<'t, 'c, 'n, 'p> {
    town: &'t Town,
    city: &'c City<'n, 'p>,
    roster: &'t Roster,
    costs: Vec<[i64; 3]>,
    options: &'t Options,
    watch: &'t Watch<'t>,
}

impl<'t, 'c, 'n, 'p> Prover<'t, 'c, 'n, 'p> {
    /// A prover; the roster says what values the bounds should come near.
    #[must_use]
    pub fn new(
        town: &'t Town,
        city: &'c City<'n, 'p>,
        roster: &'t Roster,
        options: &'t Options,
        watch: &'t Watch<'t>,
    ) -> Self {
        Self { town, city, roster, costs: roster.costs(town, city), options, watch }
    }

    /// The last stage: its bound and prices, which weigh all tiers.
    #[must_use]
    pub fn prove_quality(&self) -> (i128, Prices) {
        let start = Prices::suggested(self.town, &self.roster.present, STAGES[2]);
        self.climb(STAGES[2], start, self.rounds() * TIER3_SHARE, UNTIL[0])
    }

    fn rounds(&self) -> f64 {
        (self.city.seconds_for_a_street(self.options) * ROUNDS_PER_SECOND).clamp(ROUNDS[0], ROUNDS[1])
    }

    /// The bounds of all stages, from the last one's.
    #[must_use]
    pub fn prove(&self, (third, mut prices): (i128, Prices)) -> StageBounds {
        let rounds = self.rounds();
        let first = self.climb(STAGES[0], self.scarce_prices(), ROUNDS_OF_TIER1, UNTIL[1]).0;
        prices.scale(1.0 / STAGES[2][1], 1.0 / STAGES[2][1]);
        let mut weight_before = 1.0 / STAGES[2][1];
        let mut second = i128::MIN;
        for (weight, share) in TIER2 {
            prices.scale(1.0, weight / weight_before);
            (second, prices) = self.climb([STAGES[1][0], STAGES[1][1], weight], prices, rounds * share, UNTIL[2]);
            weight_before = if weight == 0.0 { 1.0 } else { weight };
        }
        StageBounds { stages: [first, second, third], tier1_step: self.city.tier1_step() }
    }

    /// Some rounds from given prices, `until` a share of the time limit: the bound, and the best prices.
    fn climb(&self, weights: [f64; 3], start: Prices, rounds: f64, until: f64) -> (i128, Prices) {
        let scale = bound_scale() as f64;
        let goals: Vec<f64> = self
            .costs
            .iter()
            .map(|costs| costs.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum::<f64>() * scale)
            .collect();
        let mut ascent = Ascent::new(self.town, self.city, self.options.threads, weights, start);
        for _ in 0..whole(rounds) {
            if self.watch.is_past(until) {
                break;
            }
            ascent.step(&goals);
        }
        (ascent.bound, ascent.center)
    }

    /// Prices of tier 1 from linear programmes over scarce posts.
    fn scarce_prices(&self) -> Prices {
        let mut prices = Prices::nothing(self.town);
        let found = parallel(self.options.threads, self.city.parts(), |part| self.scarce_of(part));
        for (need, price) in found.into_iter().flatten() {
            for at in self.town.prices_of(need) {
                prices.heads[at] += price;
            }
        }
        prices
    }

    /// What a head is worth in tier 1 at the scarce posts of a part.
    fn scarce_of(&self, part: usize) -> Vec<(NeedIx, f64)> {
        let problem = self.city.network.problem;
        let skill = |need: &NeedIx| problem.needs[need.index()].skill.map(|(skill, _)| skill);
        let is_short = |need: &&NeedIx| self.town.desks[need.index()].cost(self.roster.present[need.index()])[0] > 0;
        let scarce: HashSet<Option<SkillIx>> = self.city.needs(part).iter().filter(is_short).map(skill).collect();
        if scarce.is_empty() || self.watch.is_past(UNTIL[1]) {
            return Vec::new();
        }
        let mut spec: PartSpec = self.city.relaxed(part);
        let is_scarce = |need: &NeedIx| scarce.contains(&skill(need));
        spec.needs.retain(is_scarce);
        for member in &mut spec.members {
            member.candidates.retain(is_scarce);
        }
        spec.members.retain(|member| !member.candidates.is_empty());
        let model = PartModel::relaxation(self.city.network, &spec);
        let Some(proposal) = Programme::new(&model).solve(STAGES[0]) else { return Vec::new() };
        let pairs = model.pairs.len();
        let row = |row: usize| {
            let price = proposal.multipliers.get(row).copied().unwrap_or(0.0);
            let &(column, factor) = model.linear.terms(row).iter().find(|&&(column, _)| (column as usize) < pairs)?;
            (fixed(price) != 0).then(|| (model.pairs[column as usize].need, price * factor as f64))
        };
        (0..model.covers).filter_map(row).collect()
    }
}
