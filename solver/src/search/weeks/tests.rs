//! One person's exact week against enumeration through the independent checker, and bounds at any prices.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::ascent::{Ascent, Prices};
use super::bound::{STAGES, StageBounds};
use super::improve::Bench;
use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch, scaled};
use super::scarce::Scarce;
use super::town::Town;
use crate::check::check;
use crate::control::{Options, Silent};
use crate::model::candidates::Network;
use crate::model::linear::bound_scale;
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::problem::{Category, Duty, NeedIx, PersonIx, Problem, RuleCode};
use crate::search::loads::Loads;
use crate::search::{City, Watch};
use crate::testing::{World, tiny, tiny_with_cases, tiny_with_receptions};

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

/// What everybody does where posts of all streets are filled by chains alone, for tier 1 or for tier 2 too.
fn by_chains(network: &Network<'_>, city: &City<'_, '_>, is_first_alone: bool) -> Vec<Vec<NeedIx>> {
    let nobody = vec![Vec::new(); network.problem.people.len()];
    let everywhere: Vec<usize> = (0..city.parts()).collect();
    let spec = city.among(&everywhere, &nobody, &Loads::new(network, &nobody), |_| true);
    let mut bench = Bench::new(network, &spec, None).expect("a tiny week fits");
    bench.fill_by_chains(is_first_alone, &|| false);
    let mut duties = nobody;
    for (person, needs) in bench.duties() {
        duties[person.index()] = needs;
    }
    duties
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
            let idle = scaled(week.week_of(&[]).expect("nobody has to work").costs, WEIGHTS);
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
            for set in 0_u32..1 << candidates.len() {
                let is_in = |&(position, _): &(u16, &NeedIx)| set & (1 << position) != 0;
                let (positions, chosen): (Vec<u16>, Vec<NeedIx>) = (0..).zip(&week.needs).filter(is_in).unzip();
                let costs = own_costs(&problem, person, &chosen).map(|costs| scaled(costs, WEIGHTS) - nothing);
                // A need that a rule over the whole week excludes has no position.
                if week.needs.len() == candidates.len() {
                    prop_assert_eq!(week.week_of(&positions).map(|week| scaled(week.costs, WEIGHTS) - idle), costs);
                }
            }
            // The week that is named costs what is said of it.
            let named: Vec<NeedIx> = found.positions.iter().map(|&at| week.needs[usize::from(at)]).collect();
            let costs = own_costs(&problem, person, &named).expect("the week keeps tier 0");
            prop_assert_eq!(scaled(found.costs, WEIGHTS) - idle, scaled(costs, WEIGHTS) - nothing);
        }
    }

    #[test]
    fn a_week_of_posts_every_day_rests_as_often_as_the_checker_asks(
        before in 0_u16..8,
        owed in 0_u32..8,
        prices in prop::collection::vec(-900_i64..600, 14),
        lengths in prop::collection::vec(2_i32..6, 14),
    ) {
        let mut world = World::with_catalogue(7);
        for (at, length) in (0..).zip(&lengths) {
            let from = if at % 2 == 0 { 8 } else { 14 };
            world.post(at / 2, from, from + length);
        }
        let person = world.person_with("ann", |person| {
            person.category = Category::RecruitedStaff;
            person.home_unit = World::STREET;
            person.scope = vec![World::STREET];
            person.history.consecutive_days = before;
            person.contract.min_minutes_week = owed * 240;
        });
        let problem = world.problem;
        let network = Network::new(&problem);
        let candidates = network.candidates(person);
        let week = PersonWeek::new(&network, person, &candidates, &[]).expect("a week of one person fits");
        let price = |need: NeedIx| prices[need.index()];
        let reduced: Vec<i64> =
            week.needs.iter().zip(&week.costs).map(|(&need, &cost)| price(need) + scaled(cost, WEIGHTS)).collect();
        let (value, found) = week.cheapest(&reduced, WEIGHTS, &mut Scratch::default());
        // Whatever may be worked may be found by its positions; the cheapest of these is the one that was found.
        let named = |set: u32| (0_u16..14).filter(|at| set & (1 << at) != 0).collect::<Vec<u16>>();
        let week_needs = &week.needs;
        let least = (0_u32..1 << week.needs.len())
            .filter_map(|set| week.week_of(&named(set)))
            .map(|week| {
                let paid = week.positions.iter().map(|&at| price(week_needs[usize::from(at)])).sum::<i64>();
                scaled(week.costs, WEIGHTS) + paid
            })
            .min();
        prop_assert_eq!(Some(value), least);
        let duties: Vec<NeedIx> = found.positions.iter().map(|&at| week.needs[usize::from(at)]).collect();
        prop_assert!(own_costs(&problem, person, &duties).is_some());
        // Every day worked, one way or the other, is a week exactly when the checker allows it.
        for skipped in 0..8 {
            let every: Vec<u16> = (0..14).filter(|at| at % 2 == 0 && at / 2 != skipped).collect();
            let needs: Vec<NeedIx> = every.iter().map(|&at| week.needs[usize::from(at)]).collect();
            prop_assert_eq!(week.week_of(&every).is_some(), own_costs(&problem, person, &needs).is_some());
        }
    }

    #[test]
    fn rosters_from_flows_keep_the_rules_and_their_bounds_hold(
        choices in prop::collection::vec(any::<u8>(), 90),
        kind in 0..3,
        seconds in prop::sample::select(vec![1_u64, 60]),
    ) {
        let problem = match kind {
            0 => tiny(&choices),
            1 => tiny_with_cases(&choices),
            _ => tiny_with_receptions(&choices),
        };
        let mut problem = problem;
        if choices[0] % 2 == 0 && problem.people.len() > 1 {
            problem.apart.push((PersonIx(0), PersonIx(1)));
        }
        // Receptions with a pinned seat are decided elsewhere.
        let is_seat = |need: &NeedIx| problem.needs[need.index()].seat.is_some();
        let first = Network::new(&problem).candidates(PersonIx(0)).into_iter().find(|need| !is_seat(need));
        if let Some(need) = first.filter(|_| choices[1] % 2 == 0) {
            let span = problem.needs[need.index()].as_post().unwrap().span;
            problem.pins.push(Duty { person: PersonIx(0), need, span });
        }
        let Ok(best) = crate::solve(&problem, &Options::default(), &Silent) else { return Ok(()) };
        let best = best.score.tiers;
        let options = Options { time_limit: Duration::from_secs(seconds), threads: 1, ..Options::default() };
        let network = Network::new(&problem);
        let mut city = City::new(&network, 1);
        city.decide_receptions(1, 1.0);
        let watch = Watch::new(&Silent, Instant::now(), &options);
        let found = city.search_weeks(&options, &watch).expect("a tiny week fits");
        let report = check(&problem, &problem.duties_of(&found.duties));
        prop_assert!(report.is_feasible(), "{:?}", report);
        let value = report.score.tiers;
        prop_assert!(best <= value, "{best:?} is the optimum, not {value:?}");
        let bounds = found.proven(best).tiers;
        for tier in 0..3 {
            prop_assert!(bounds[tier] <= best[tier], "tier {}: {bounds:?}, optimum {best:?}", tier + 1);
        }
    }

    #[test]
    fn receptions_held_after_all_keep_the_rules_and_harm_nothing(choices in prop::collection::vec(any::<u8>(), 90)) {
        let problem = tiny_with_receptions(&choices);
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let mut duties = by_chains(&network, &city, false);
        let before = check(&problem, &problem.duties_of(&duties));
        let options = Options::default();
        city.hold_again(&mut duties, 1, &Watch::new(&Silent, Instant::now(), &options));
        let after = check(&problem, &problem.duties_of(&duties));
        prop_assert!(after.is_feasible() || !before.is_feasible(), "{:?}", after);
        prop_assert!(after.score.tiers <= before.score.tiers, "{:?}, {:?}", before.score, after.score);
    }

    #[test]
    fn chains_keep_the_rules_and_serve_residents(
        choices in prop::collection::vec(any::<u8>(), 90),
        with_cases in any::<bool>(),
    ) {
        let problem = if with_cases { tiny_with_cases(&choices) } else { tiny(&choices) };
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let duty = |person: PersonIx, need: NeedIx| {
            Duty { person, need, span: problem.needs[need.index()].as_post().unwrap().span }
        };
        let report = check(&problem, &problem.duties_of(&by_chains(&network, &city, true)));
        prop_assert!(report.is_feasible(), "{:?}", report.broken);
        let before = check(&problem, &[]).score.tiers[0];
        let could_help = (0..problem.people.len()).map(PersonIx::from_index).any(|person| {
            let helps = |&need: &NeedIx| {
                let alone = check(&problem, &[duty(person, need)]);
                alone.is_feasible() && alone.score.tiers[0] < before
            };
            network.candidates(person).iter().any(helps)
        });
        let after = report.score.tiers[0];
        // A case that is sent up asks for nobody, though its room above may be what another case lacks.
        prop_assert!(if could_help && !with_cases { after < before } else { after <= before }, "{before} to {after}");
    }

    #[test]
    fn no_prices_promise_more_than_the_optimum(
        choices in prop::collection::vec(any::<u8>(), 90),
        prices in prop::collection::vec(-50.0_f64..400.0, 8),
    ) {
        let problem = tiny(&choices);
        let best = crate::solve(&problem, &Options::default(), &Silent).expect("no pins clash").score.tiers;
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let town = Town::new(&network, &city, 1).expect("a tiny week fits");
        for weights in STAGES {
            let mut start = Prices::nothing(&town);
            for (price, chosen) in start.heads.iter_mut().zip(prices.iter().cycle()) {
                *price = *chosen;
            }
            let most = best.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum::<f64>();
            let is_rough: Vec<bool> = (0..city.parts()).map(|part| choices[part] % 2 == 0).collect();
            let mut ascent = Ascent::new(&town, &city, 1, weights, (start, &is_rough));
            let first = ascent.bound;
            for _ in 0..12 {
                ascent.step();
            }
            prop_assert!(ascent.bound >= first, "the best bound is kept");
            prop_assert!(ascent.bound as f64 <= most * bound_scale() as f64 + 1.0, "{} > {most}", ascent.bound);
        }
    }
}

#[test]
fn a_reception_is_held_after_all_where_somebody_makes_up_for_its_host() {
    let held = |has_bob: bool| {
        let mut world = World::with_catalogue(7);
        let ann = world.person("ann");
        let bob = has_bob.then(|| world.person("bob"));
        let dan = world.deputy("dan");
        let post = world.post(2, 9, 12);
        let at = world.reception("hall", &[(2, 9)], &[dan]);
        world.reception_mut(at).hosts = Some(vec![ann]);
        let seats = world.problem.receptions[at.index()].options[0];
        let mut duties = vec![Vec::new(); world.problem.people.len()];
        duties[ann.index()] = vec![post];
        let network = Network::new(&world.problem);
        let options = Options::default();
        City::new(&network, 1).hold_again(&mut duties, 1, &Watch::new(&Silent, Instant::now(), &options));
        let has = |person: PersonIx, need: NeedIx| duties[person.index()] == [need];
        let is_held = has(ann, seats.host.unwrap()) && has(dan, seats.deputies);
        (is_held && bob.is_some_and(|bob| has(bob, post)), has(ann, post))
    };
    assert_eq!(held(true), (true, false), "bob stands in at the post");
    assert_eq!(held(false), (false, true), "the post's minimum comes before the reception");
}

#[test]
fn rough_prices_of_posts_that_are_alike_move_together() {
    let prices = |is_rough: bool| {
        let mut world = World::with_catalogue(7);
        let _ann = world.person("ann");
        let posts = [(2, 9, 12), (2, 9, 12), (2, 9, 12), (3, 9, 12)].map(|(day, from, to)| world.post(day, from, to));
        let network = Network::new(&world.problem);
        let city = City::new(&network, 1);
        let town = Town::new(&network, &city, 1).expect("a week of one person fits");
        let mut ascent = Ascent::new(&town, &city, 1, STAGES[0], (Prices::nothing(&town), &[is_rough]));
        for _ in 0..5 {
            ascent.step();
        }
        posts.map(|need| ascent.center.heads[town.prices_of(need).start])
    };
    let [one, other, third, later] = prices(true);
    let is_alike = |left: f64, right: f64| left.to_bits() == right.to_bits();
    assert!(is_alike(one, other) && is_alike(other, third) && one > 0.0, "{:?}", prices(true));
    assert!(later < one, "nobody is missing on another day: {:?}", prices(true));
    let [one, other, ..] = prices(false);
    assert!(one < other, "ann takes the first: {:?}", prices(false));
}

#[test]
fn a_region_of_which_nothing_is_proven_leaves_what_others_prove() {
    let scarce = Scarce { least: vec![Some(5), None], is_of_programme: vec![true, false], ..Scarce::default() };
    let nothing = StageBounds { stages: [0; 3], tier1_step: 1, is_first_of_programmes: false };
    let bounds = scarce.with(nothing);
    assert_eq!((bounds.stages, bounds.is_first_of_programmes), ([5, 0, 0], false));
    assert_eq!(Scarce::default().with(nothing), nothing, "no region has a programme");
}
