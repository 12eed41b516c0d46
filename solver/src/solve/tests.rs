//! Tiny problems: brute force against both methods.

use proptest::prelude::*;

use super::*;
use crate::check::Report;
use crate::control::Silent;
use crate::model::part::PartSpec;
use crate::problem::{Duty, NeedIx, PersonIx, Settlement, Wish, WishKind};
use crate::roster::TierValues;
use crate::search::{prove, search};
use crate::testing::{World, tiny, tiny_with_cases, tiny_with_receptions};

fn run(problem: &Problem) -> Outcome {
    solve(problem, &Options::default(), &Silent).expect("no pins clash")
}

/// The lexicographic optimum over every roster that keeps tier 0, by enumeration.
fn optimum(problem: &Problem) -> TierValues {
    let network = Network::new(problem);
    let everything: Vec<Vec<NeedIx>> =
        (0..problem.people.len()).map(PersonIx::from_index).map(|person| network.candidates(person)).collect();
    let pairs = problem.duties_of(&everything);
    assert!(pairs.len() <= 15, "too many pairs for brute force");
    (0_u32..1 << pairs.len())
        .filter_map(|set| {
            let chosen: Vec<Duty> =
                pairs.iter().enumerate().filter(|&(at, _)| set & (1 << at) != 0).map(|(_, duty)| *duty).collect();
            let report: Report = check(problem, &chosen);
            report.is_feasible().then_some(report.score.tiers)
        })
        .min()
        .expect("the empty roster keeps tier 0")
}

/// A tiny problem, with or without cases or receptions.
fn drawn(choices: &[u8], kind: u8) -> Problem {
    match kind {
        0 => tiny(choices),
        1 => tiny_with_cases(choices),
        _ => tiny_with_receptions(choices),
    }
}

/// The same problem with its second street as a quarter of the first.
fn in_one_street(mut problem: Problem) -> Problem {
    let streets: Vec<usize> = (0..problem.units.len()).filter(|&at| problem.units[at].is_street).collect();
    for &other in &streets[1..] {
        problem.units[other].is_street = false;
        problem.units[other].parent = Some(crate::problem::UnitIx::from_index(streets[0]));
    }
    problem
}

/// Street method on a problem that the exact method would take, without its last stage.
fn by_streets(problem: &Problem) -> (TierValues, Proven) {
    searched(problem, false)
}

/// Street method with or without the streets' integer programmes at the end.
fn searched(problem: &Problem, finishes: bool) -> (TierValues, Proven) {
    let network = Network::new(problem);
    let mut city = City::new(&network, 1);
    let options = Options { gap_limits: [0.0; 3], ..Options::default() };
    city.decide_receptions(1, 10.0);
    let watch = Watch::new(&Silent, Instant::now(), &options);
    let mut result = city.search(&options, &watch);
    result.duties = settle(problem, result.duties);
    if finishes {
        city.finish(&mut result, &options, &watch);
    }
    let report = check(problem, &problem.duties_of(&result.duties));
    assert!(report.is_feasible(), "{:?}", report.broken);
    (report.score.tiers, result.proven(report.score.tiers))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_exact_method_finds_the_brute_force_optimum(choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..3) {
        let problem = drawn(&choices, kind);
        let best = optimum(&problem);
        let outcome = run(&problem);
        prop_assert_eq!(outcome.score.tiers, best);
        prop_assert_eq!(outcome.status, Status::Optimal);
        prop_assert!(check(&problem, &outcome.roster.duties).is_feasible());
        prop_assert!(outcome.certificate.objective_bound <= objective(best));
    }

    #[test]
    fn bounds_of_the_street_method_never_exceed_the_optimum(choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..3) {
        let problem = drawn(&choices, kind);
        let best = optimum(&problem);
        let (value, proven) = by_streets(&problem);
        prop_assert!(best <= value);
        prop_assert!(proven.tiers[0] <= best[0]);
        if value[0] == best[0] {
            prop_assert!(proven.tiers[1] <= best[1], "tier 2: {:?} {:?} {:?}", proven, best, value);
            if value[1] >= best[1] {
                prop_assert!(proven.tiers[2] <= best[2] || value[1] < best[1], "tier 3: {:?} {:?} {:?}", proven, best, value);
            }
        }
        prop_assert!(proven.objective <= objective(best), "{:?} {:?}", proven, best);
    }

    #[test]
    fn a_finished_street_is_at_its_proven_optimum(choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..3) {
        let problem = in_one_street(drawn(&choices, kind));
        let best = optimum(&problem);
        let (value, proven) = searched(&problem, true);
        prop_assert_eq!(value, best);
        prop_assert_eq!(proven.tiers, best);
        prop_assert!(proven.objective <= objective(best), "{:?} {:?}", proven, best);
    }

    #[test]
    fn finished_streets_keep_all_rules_and_their_bounds(choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..3) {
        let problem = drawn(&choices, kind);
        let (before, _) = by_streets(&problem);
        let (value, proven) = searched(&problem, true);
        prop_assert!(optimum(&problem) <= value && value <= before, "{:?} {:?}", value, before);
        prop_assert!(proven.tiers[0] <= optimum(&problem)[0]);
    }

    #[test]
    fn a_part_counts_its_costs_as_the_checker_does(choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..2) {
        let problem = drawn(&choices, kind);
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let spec: PartSpec = city.whole();
        let model = PartModel::build(&network, &spec);
        let _relaxation = prove(&model);
        let found = search(&network, &spec, &model, None);
        let mut own = vec![Vec::new(); problem.people.len()];
        for (pair, _) in model.pairs.iter().zip(&found.chosen).filter(|&(_, &chosen)| chosen) {
            own[pair.person.index()].push(pair.need);
        }
        let report = check(&problem, &problem.duties_of(&own));
        prop_assert!(report.is_feasible());
        prop_assert_eq!(report.score.tiers, found.costs);
    }
}

#[test]
fn somebody_who_serves_away_from_home_alone_counts_in_the_bound() {
    let mut world = World::with_catalogue(7);
    let other = world.street("other");
    world.person_with("ann", |person| person.home_unit = other);
    world.post(0, 8, 12);
    let (value, proven) = by_streets(&world.problem);
    assert_eq!(value[0], 0);
    assert_eq!(proven.tiers[0], 0);
    assert!(proven.objective <= objective(optimum(&world.problem)));
}

#[test]
fn a_residents_need_is_never_traded_for_comfort() {
    // One person, one post that nobody else can take, and every comfort against it: far away, avoided, unfamiliar.
    let mut world = World::with_catalogue(7);
    let far = world.place("far", World::STREET);
    world.locate(far, 90_000).locate(World::STATION, 0);
    let ann = world.person_with("ann", |person| {
        person.home = Some(crate::problem::Point { east_metres: 0, north_metres: 0 });
        person.familiar_places = vec![World::STATION];
    });
    let need = world.post(0, 8, 12);
    world.need_mut(need).place = far;
    let span = crate::problem::Span { start: 0, end: 1440 };
    let wish = Wish { kind: WishKind::Avoid, span, shift_type: None, place: None, weight: 60_000 };
    world.person_mut(ann).wishes = vec![wish];
    let outcome = run(&world.problem);
    assert_eq!(outcome.roster.duties, vec![world.duty(ann, need)]);
    assert!(outcome.score.tiers[2] > 600_000, "comfort costs more than the need's own weight");
    assert_eq!(by_streets(&world.problem).0, outcome.score.tiers);
}

#[test]
fn the_district_takes_the_case_that_nobody_can_work() {
    // Two cases of one hour at the same time and one person: one is worked, the more urgent one, the other goes up.
    let mut world = World::with_catalogue(7);
    let ann = world.person("ann");
    let (gas, roof) = (world.case("gas", &[(0, 9)]), world.case("roof", &[(0, 9)]));
    world.case_mut(gas).urgency = 3;
    world.case_mut(roof).earlier_handler = Some(ann);
    world.district(World::STREET, 1);
    let outcome = run(&world.problem);
    let settled: Vec<Settlement> = outcome.cases.iter().map(|case| case.settlement).collect();
    let roof_span = world.case_mut(roof).options[0];
    // Either may go up at the same price, so the handler who knows one of them decides.
    assert_eq!(outcome.score.tiers, [0, 0, 20]);
    assert!(settled.contains(&Settlement::Escalated(crate::problem::UnitIx(0))));
    world.problem.units[0].escalations = Some(0);
    let outcome = run(&world.problem);
    assert_eq!(outcome.cases[gas.index()].settlement, Settlement::Worked(world.case_mut(gas).options[0]));
    assert_eq!(outcome.cases[roof.index()].settlement, Settlement::Late);
    assert_eq!(outcome.cases[roof.index()].busy_elsewhere + outcome.cases[roof.index()].stopped_by[&RuleCode::H01], 1);
    assert_eq!(outcome.score.tiers, [200, 0, 0]);
    assert_ne!(outcome.roster.duties[0].need, roof_span);
}

/// A host, a deputy, one reception on Monday at nine, and a post at the same time.
fn host_at_nine(minimum: u16) -> (World, [PersonIx; 2], NeedIx) {
    let mut world = World::with_catalogue(7);
    let (ann, dan) = (world.person("ann"), world.deputy("dan"));
    let post = world.post(0, 8, 12);
    world.cover(post, minimum, 1, 1);
    world.reception("hearing", &[(0, 9)], &[dan]);
    (world, [ann, dan], post)
}

#[test]
fn a_reception_never_takes_a_host_from_a_minimum() {
    let (world, [ann, _], post) = host_at_nine(1);
    let outcome = run(&world.problem);
    assert_eq!(outcome.roster.duties, vec![world.duty(ann, post)]);
    assert_eq!(outcome.score.tiers, [0, 100, 0]);
    assert_eq!(outcome.status, Status::Optimal);
    // The stage before the rosters seats Ann, and what follows them sends her back.
    let (value, proven) = by_streets(&world.problem);
    assert_eq!(value, [0, 100, 0]);
    assert_eq!(proven.tiers[0], 0);
    // Above its minimum a post waits for the quota.
    let (world, ..) = host_at_nine(0);
    assert_eq!(run(&world.problem).score.tiers, [0, 60, 0]);
    assert_eq!(by_streets(&world.problem).0, [0, 60, 0]);
}

#[test]
fn a_free_host_stands_in_for_one_whom_a_minimum_needs() {
    let (mut world, [ann, _], post) = host_at_nine(1);
    let law = world.skill("law");
    let bob = world.person("bob");
    world.grant(ann, law, 1);
    world.need_mut(post).skill = Some((law, 1));
    let host = world.problem.receptions[0].options[0].host.unwrap();
    let duties = run(&world.problem).roster.duties;
    assert!(duties.contains(&world.duty(bob, host)) && duties.contains(&world.duty(ann, post)));
    assert_eq!(by_streets(&world.problem).0, [0, 0, 0]);
}

#[test]
fn a_reception_that_is_not_held_says_why() {
    let (mut world, [_, dan], post) = host_at_nine(1);
    world.person_mut(dan).unavailable = vec![crate::testing::hours(0, 0, 24)];
    world.cover(post, 0, 0, 1);
    let outcome = run(&world.problem);
    let [settled] = outcome.receptions.as_slice() else { panic!("one reception") };
    assert_eq!(settled.held, None);
    assert_eq!(settled.obstacles[0].deputies_stopped[&RuleCode::H02], 1);
    assert_eq!((settled.obstacles[0].deputies_free, settled.obstacles[0].hosts_free), (0, 1));
    let document = crate::document::RosterDocument::from_outcome(&world.problem, &outcome, "", &Options::default());
    assert_eq!(
        document.receptions[0].reason_zh,
        "未安排：2026-01-05 09:00代表需1人、可到0人（1人不可用或请假（H02））。"
    );
    assert!(
        document.receptions[0].reason_en.contains("0 of 1 deputies can come (1 are unavailable or on leave (H02))")
    );
}

#[test]
fn a_visit_is_made_by_whoever_is_not_needed_elsewhere() {
    let mut world = World::with_catalogue(7);
    let [ann, bob] = ["ann", "bob"].map(|name| world.person(name));
    let law = world.skill("law");
    world.grant(ann, law, 1);
    let post = world.post(2, 8, 12);
    world.need_mut(post).skill = Some((law, 1));
    let at = world.visit("round", &[(2, 9), (2, 14)], &[ann, bob]);
    // Bob would have to work at ten; only the afternoon leaves Ann to the post and Bob his morning.
    world.person_mut(bob).unavailable = vec![crate::testing::hours(2, 8, 12)];
    let afternoon = world.problem.receptions[at.index()].options[1].deputies;
    let outcome = run(&world.problem);
    assert!(outcome.roster.duties.contains(&world.duty(ann, post)));
    assert_eq!(outcome.receptions[0].held, Some(1));
    assert!(outcome.roster.duties.iter().any(|duty| duty.need == afternoon));
    assert_eq!((outcome.receptions[0].host, by_streets(&world.problem).0), (None, [0, 0, 0]));
}

#[test]
fn a_visit_that_is_not_made_says_why() {
    let mut world = World::with_catalogue(7);
    let dan = world.deputy("dan");
    world.visit("round", &[(0, 9)], &[dan]);
    world.person_mut(dan).unavailable = vec![crate::testing::hours(0, 0, 24)];
    let outcome = run(&world.problem);
    let document = crate::document::RosterDocument::from_outcome(&world.problem, &outcome, "", &Options::default());
    let [visit] = document.receptions.as_slice() else { panic!("one visit") };
    assert_eq!(
        (visit.held, visit.reason_zh.as_str()),
        (false, "未安排：2026-01-05 09:00需1人走访、可到0人（1人不可用或请假（H02））。")
    );
    assert!(visit.reason_en.contains("0 of 1 can make the visit (1 are unavailable or on leave (H02))"));
}

#[test]
fn clashing_pins_are_reduced_to_the_two_that_clash() {
    let mut world = World::with_catalogue(7);
    let (ann, bob) = (world.person("ann"), world.person("bob"));
    let (early, late, other) = (world.post(0, 8, 12), world.post(0, 9, 11), world.post(1, 8, 12));
    world.problem.pins = vec![world.duty(bob, other), world.duty(ann, early), world.duty(ann, late)];
    let infeasible = solve(&world.problem, &Options::default(), &Silent).expect_err("ann cannot be in two places");
    assert_eq!(infeasible.pins, vec![world.duty(ann, early), world.duty(ann, late)]);
    assert_eq!(infeasible.facts.iter().map(|fact| fact.code).collect::<Vec<_>>(), vec![RuleCode::H01]);
    assert!(infeasible.release.is_some_and(|pin| pin.person == ann));
}

#[test]
fn a_reception_gives_way_to_a_minimum_that_its_host_serves_through_another() {
    let mut world = World::with_catalogue(7);
    let (common, rare) = (world.skill("common"), world.skill("rare"));
    let host = world.person("host");
    let other = world.person("other");
    let deputy = world.deputy("deputy");
    world.grant(host, common, 3).grant(other, common, 3).grant(other, rare, 3);
    let (first, second) = (world.post(2, 9, 12), world.post(2, 9, 12));
    world.need_mut(first).skill = Some((common, 1));
    world.need_mut(first).priority = 2;
    world.need_mut(second).skill = Some((rare, 1));
    let reception = world.reception("talk", &[(2, 10)], &[deputy]);
    world.reception_mut(reception).hosts = Some(vec![host]);
    // While the host hosts, the other serves the post of more weight, and nobody is left who knows the rare skill: no
    // single change mends that.
    assert_eq!(by_streets(&world.problem).0[0], 0);
}
