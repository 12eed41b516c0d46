//! Tiny problems: brute force against both methods.

use proptest::prelude::*;

use super::*;
use crate::check::Report;
use crate::control::Silent;
use crate::model::part::PartSpec;
use crate::problem::{Category, SkillIx, Wish, WishKind};
use crate::roster::TierValues;
use crate::search::{prove, search};
use crate::testing::World;

fn run(problem: &Problem) -> Outcome {
    solve(problem, &Options::default(), &Silent).expect("no pins clash")
}

/// The lexicographic optimum over every roster that keeps tier 0, by enumeration.
fn optimum(problem: &Problem) -> TierValues {
    let network = Network::new(problem);
    let pairs: Vec<Duty> = (0..problem.people.len())
        .map(PersonIx::from_index)
        .flat_map(|person| network.candidates(person).into_iter().map(move |need| (person, need)))
        .filter_map(|(person, need)| duty(&network, person, need))
        .collect();
    assert!(pairs.len() <= 14, "too many pairs for brute force");
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

/// Street method on a problem that the exact method would take.
fn by_streets(problem: &Problem) -> (TierValues, Proven) {
    let network = Network::new(problem);
    let city = City::new(&network, 1);
    let options = Options::default();
    let result = city.search(&options, &Watch::new(&Silent, Instant::now(), &options));
    let report = check(problem, &duties(&network, &result));
    assert!(report.is_feasible(), "{:?}", report.broken);
    (report.score.tiers, result.proofs.proven(report.score.tiers))
}

fn tiny(choices: &[u8]) -> Problem {
    let mut at = choices.iter().copied().cycle();
    let mut pick = |bound: u8| at.next().unwrap_or(0) % bound;
    let mut world = World::with_catalogue(7);
    let other_street = world.street("other");
    let second = world.place("second", World::STREET);
    let third = world.place("third", other_street);
    world.locate(second, 3000).locate(third, 9000).locate(World::STATION, 0);
    let skill: SkillIx = world.skill("law");
    for name in ["ann", "bob", "cai"] {
        let category = [Category::Volunteer, Category::RecruitedStaff][usize::from(pick(2))];
        let shared = pick(3) == 0;
        let other = pick(3) == 0;
        let person = world.person_with(name, |person| {
            person.category = category;
            person.home_unit = if other { other_street } else { World::STREET };
            person.scope = if shared { vec![World::STREET, other_street] } else { vec![person.home_unit] };
            person.limits.max_duties_week = (pick(2) == 0).then(|| u16::from(1 + pick(2)));
            person.contract.min_minutes_week = u32::from(pick(3)) * 240;
            person.newcomer = pick(4) == 0;
            person.trainee = pick(6) == 0;
            person.history.consecutive_days = u16::from(pick(3)) * 3;
            person.history.weekends_last_three_weeks = [pick(2) == 0; 3];
            person.history.fairness_unsocial_duties = i32::from(pick(3)) - 1;
            person.limits.max_consecutive_days = (pick(2) == 0).then_some(2);
        });
        if pick(2) == 0 {
            world.grant(person, skill, 1);
        }
        if pick(2) == 0 {
            let kind = if pick(2) == 0 { WishKind::Want } else { WishKind::Avoid };
            let day = i32::from(pick(3)) * 1440;
            let span = crate::problem::Span { start: day, end: day + 1440 };
            world.person_mut(person).wishes = vec![Wish { kind, span, shift_type: None, place: None, weight: 2 }];
        }
    }
    for _ in 0..4 {
        let (day, hour) = (i32::from(pick(3)) + 3, [8, 13, 18][usize::from(pick(3))]);
        let need = world.post(day, hour, hour + 4);
        let target = u16::from(pick(2));
        world.cover(need, 1, 1 + target, 1 + target + u16::from(pick(2)));
        world.post_mut(need).mix = pick(2) == 0;
        let place = [World::STATION, second, third][usize::from(pick(3))];
        let need = world.need_mut(need);
        need.place = place;
        need.skill = (pick(3) == 0).then_some((skill, 1));
        need.priority = 1 + pick(3);
    }
    world.problem
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_exact_method_finds_the_brute_force_optimum(choices in prop::collection::vec(any::<u8>(), 90)) {
        let problem = tiny(&choices);
        let best = optimum(&problem);
        let outcome = run(&problem);
        prop_assert_eq!(outcome.score.tiers, best);
        prop_assert_eq!(outcome.status, Status::Optimal);
        prop_assert!(check(&problem, &outcome.roster.duties).is_feasible());
        prop_assert!(outcome.certificate.objective_bound <= objective(best));
    }

    #[test]
    fn bounds_of_the_street_method_never_exceed_the_optimum(choices in prop::collection::vec(any::<u8>(), 90)) {
        let problem = tiny(&choices);
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
    fn a_part_counts_its_costs_as_the_checker_does(choices in prop::collection::vec(any::<u8>(), 90)) {
        let problem = tiny(&choices);
        let network = Network::new(&problem);
        let city = City::new(&network, 1);
        let spec: PartSpec = city.whole();
        let model = PartModel::build(&network, &spec);
        let _relaxation = prove(&model);
        let found = search(&network, &spec, &model, None);
        let duties: Vec<Duty> = model
            .pairs
            .iter()
            .zip(&found.chosen)
            .filter(|&(_, &chosen)| chosen)
            .filter_map(|(pair, _)| duty(&network, pair.person, pair.need))
            .collect();
        let report = check(&problem, &duties);
        prop_assert!(report.is_feasible());
        prop_assert_eq!(report.score.tiers, found.costs);
    }
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
