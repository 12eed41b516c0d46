//! One person's exact week against enumeration, and rosters of several against the independent checker.

use proptest::prelude::*;

use super::ascent::{Ascent, Prices};
use super::bench::{Bench, ORDER};
use super::bound::STAGES;
use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch, scaled};
use super::roster::Roster;
use super::town::Town;
use crate::columns::Random;
use crate::model::linear::bound_scale;
use crate::search::City;
use crate::check::check;
use crate::model::candidates::Network;
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::problem::{Duty, NeedIx, PersonIx, Problem, RuleCode};
use crate::testing::tiny;

const WEIGHTS: ScaledWeights = [40, 7, 3];
/// The rules that concern one person alone.
const OWN: [RuleCode; 5] = [RuleCode::S20, RuleCode::S30, RuleCode::S32, RuleCode::S33, RuleCode::S34];

/// What the duties cost in the rules that concern people alone, or `None` where tier 0 forbids them.
fn own_costs(problem: &Problem, person: PersonIx, needs: &[NeedIx]) -> Option<Costs> {
    let span = |need: NeedIx| problem.needs[need.index()].as_post().unwrap().span;
    let duties: Vec<Duty> = needs.iter().map(|&need| Duty { person, need, span: span(need) }).collect();
    let report = check(problem, &duties);
    report.is_feasible().then(|| {
        let mut costs = [0; 3];
        for code in OWN {
            let cost = report.score.rules.get(&code).copied().unwrap_or(0);
            add_costs(&mut costs, in_tier(problem.profile.tier(code), cost));
        }
        costs
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_cheapest_week_is_the_cheapest_that_the_checker_allows(
        choices in prop::collection::vec(any::<u8>(), 90),
        prices in prop::collection::vec(-4000_i64..2000, 4),
    ) {
        let problem = tiny(&choices);
        let network = Network::new(&problem);
        for person in (0..problem.people.len()).map(PersonIx::from_index) {
            let candidates = network.candidates(person);
            let week = PersonWeek::new(&network, person, &candidates, &[]).expect("a week of one person fits");
            let price = |need: NeedIx| prices[need.index()];
            let reduced: Vec<i64> =
                week.needs.iter().zip(&week.costs).map(|(&need, &cost)| price(need) + scaled(cost, WEIGHTS)).collect();
            let mut scratch = Scratch::default();
            let (value, found) = week.cheapest(&reduced, WEIGHTS, &mut scratch);
            let idle = scaled(week.week_of(&[], &mut scratch).expect("nobody has to work").costs, WEIGHTS);
            let nothing = scaled(own_costs(&problem, person, &[]).expect("nobody has to work"), WEIGHTS);
            let least = (0_u32..1 << candidates.len())
                .filter_map(|set| {
                    let chosen: Vec<NeedIx> =
                        candidates.iter().enumerate().filter(|&(at, _)| set & (1 << at) != 0).map(|(_, &need)| need).collect();
                    let costs = own_costs(&problem, person, &chosen)?;
                    Some(scaled(costs, WEIGHTS) - nothing + chosen.iter().map(|&need| price(need)).sum::<i64>())
                })
                .min()
                .expect("nobody has to work");
            prop_assert_eq!(value - idle, least);
            // The week that is named costs what is said of it.
            let named: Vec<NeedIx> = found.positions.iter().map(|&at| week.needs[usize::from(at)]).collect();
            let costs = own_costs(&problem, person, &named).expect("the week keeps tier 0");
            prop_assert_eq!(scaled(found.costs, WEIGHTS) - idle, scaled(costs, WEIGHTS) - nothing);
        }
    }

    #[test]
    fn people_who_plan_together_count_as_the_checker_does_and_no_price_promises_more(
        choices in prop::collection::vec(any::<u8>(), 90),
        prices in prop::collection::vec(-50.0_f64..400.0, 8),
        seed in 0_u64..1000,
    ) {
        let problem = tiny(&choices);
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let town = Town::new(&network, &city, 1).expect("a tiny week fits");
        let mut guide = Prices::nothing(&town);
        for (price, chosen) in guide.heads.iter_mut().zip(prices.iter().cycle()) {
            *price = *chosen;
        }
        let mut roster = Roster::idle(&town);
        for part in 0..city.parts() {
            let desk_of = |need| city.desk_in(part, need);
            let mut bench = Bench::new(&town, &roster, city.residents(part), city.needs(part).to_vec(), desk_of);
            let mut random = Random::new(seed);
            bench.begin(&mut random, &guide.guide(STAGES[2]));
            bench.settle(&mut random, 2);
            bench.improve(&mut random, (12, 100), Some(&guide.guide(STAGES[2])), &|| false);
            prop_assert_eq!(bench.total, scaled(bench.costs(), ORDER));
            let changes: Vec<_> = bench.into_weeks().collect();
            for (person, week) in changes {
                roster.put(&town, person, week);
            }
        }
        let mut counted = [0; 3];
        for costs in roster.costs(&town, &city) {
            add_costs(&mut counted, costs);
        }
        let span = |need: NeedIx| problem.needs[need.index()].as_post().unwrap().span;
        let duties: Vec<Duty> = roster
            .duties(&town)
            .iter()
            .enumerate()
            .flat_map(|(person, needs)| needs.iter().map(move |&need| (PersonIx::from_index(person), need)))
            .map(|(person, need)| Duty { person, need, span: span(need) })
            .collect();
        let report = check(&problem, &duties);
        prop_assert!(report.is_feasible(), "{:?}", report.broken);
        prop_assert_eq!(counted, report.score.tiers);
        for weights in STAGES {
            let mut ascent = Ascent::new(&town, &city, 1, weights, guide.clone());
            let value = counted.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum::<f64>();
            let goals = vec![value * bound_scale() as f64; city.parts()];
            let first = ascent.bound;
            for _ in 0..8 {
                ascent.step(&goals);
            }
            prop_assert!(ascent.bound >= first, "the best bound is kept");
            prop_assert!(ascent.bound as f64 <= value * bound_scale() as f64 + 1.0, "no roster costs less than the bound");
        }
    }
}
