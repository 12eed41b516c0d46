//! Effects, repairs, replacements and prices of tiny problems against the checker and enumeration.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use super::fill::{first_stop, replacements};
use super::pins::check_pins;
use super::prices::{PriceOptions, fairness, prices, relaxed};
use super::scene::{Change, Scene};
use super::street::{Street, by_person};
use super::unmet::{RepairKind, explain, missing, nearest, repairs};
use crate::check::check;
use crate::model::candidates::Network;
use crate::model::part::PartModel;
use crate::problem::{Duty, NeedIx, PersonIx, Problem, RuleCode, Span, UnitIx};
use crate::testing::{World, tiny};

fn duty(problem: &Problem, (person, need): (PersonIx, NeedIx)) -> Duty {
    Duty { person, need, span: problem.needs[need.index()].as_post().expect("a post").span }
}

fn after(problem: &Problem, before: &[Duty], change: &Change) -> Vec<Duty> {
    let mut duties: Vec<Duty> =
        before.iter().copied().filter(|duty| !change.removed.contains(&(duty.person, duty.need))).collect();
    duties.extend(change.added.iter().map(|&pair| duty(problem, pair)));
    duties
}

fn step(problem: &Problem, before: &[Duty], after: &[Duty]) -> [i64; 3] {
    let (was, is) = (check(problem, before).score.tiers, check(problem, after).score.tiers);
    [0, 1, 2].map(|tier: usize| is[tier] - was[tier])
}

/// A roster that a greedy hand would make, and some that it would not.
fn some_roster(problem: &Problem, chance: &[u8]) -> Vec<Duty> {
    let network = Network::new(problem);
    let mut duties: Vec<Duty> = Vec::new();
    let pairs = (0..problem.people.len()).flat_map(|person| {
        let person = PersonIx::from_index(person);
        network.candidates(person).into_iter().map(move |need| (person, need))
    });
    for (at, pair) in pairs.enumerate() {
        duties.push(duty(problem, pair));
        if chance[at % chance.len()].is_multiple_of(3) || !check(problem, &duties).is_feasible() {
            duties.pop();
        }
    }
    duties
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_effect_of_a_change_is_what_the_checker_counts(
        choices in prop::collection::vec(any::<u8>(), 90), chance in prop::collection::vec(any::<u8>(), 24),
        moves in prop::collection::vec((0_u32..3, 0_u32..4), 1..4), published in any::<bool>(),
    ) {
        let mut problem = tiny(&choices);
        let before = some_roster(&problem, &chance);
        if published {
            problem.published = before.iter().copied().skip(1).collect();
        }
        let scene = Scene::new(&problem, by_person(&problem, &before));
        let mut change = Change::default();
        for (person, need) in moves.into_iter().map(|(person, need)| (PersonIx(person), NeedIx(need))).collect::<BTreeSet<_>>() {
            let held = scene.duties[person.index()].contains(&need);
            if held { change.removed.push((person, need)) } else { change.added.push((person, need)) }
        }
        let effect = scene.judge().effect(&change);
        let now = after(&problem, &before, &change);
        prop_assert_eq!(effect.tiers, step(&problem, &before, &now));
        prop_assert_eq!(effect.is_feasible(), check(&problem, &now).is_feasible());
    }

    #[test]
    fn replacements_and_repairs_are_true_and_none_that_is_better_with_one_move_is_left_out(
        choices in prop::collection::vec(any::<u8>(), 90), chance in prop::collection::vec(any::<u8>(), 24),
    ) {
        let problem = tiny(&choices);
        let before = some_roster(&problem, &chance);
        let own = by_person(&problem, &before);
        let scene = Scene::new(&problem, own);
        if let Some(first) = before.first() {
            let found = replacements(&scene, first.person, first.need, 10, true);
            for filling in &found {
                let now = after(&problem, &before, &filling.change);
                prop_assert!(check(&problem, &now).is_feasible());
                prop_assert_eq!(filling.effect.tiers, step(&problem, &before, &now));
            }
            prop_assert!(found.windows(2).all(|pair| pair[0].effect.tiers <= pair[1].effect.tiers));
            // Brute force over the simple swaps: whoever can step in is named, at no more than the swap's cost.
            for person in (0..problem.people.len()).map(PersonIx::from_index).filter(|&person| person != first.person) {
                if scene.at[first.need.index()].contains(&person) {
                    continue;
                }
                let change =
                    Change { removed: vec![(first.person, first.need)], added: vec![(person, first.need)] };
                let now = after(&problem, &before, &change);
                if check(&problem, &now).is_feasible() {
                    let named = found.iter().find(|filling| filling.person == person);
                    prop_assert!(named.is_some_and(|filling| filling.effect.tiers <= step(&problem, &before, &now)));
                }
            }
        }
        for (need, _) in missing(&scene) {
            let mut judge = scene.judge();
            for repair in repairs(&scene, &mut judge, need, 3) {
                let now = after(&problem, &before, &repair.change);
                let broken: Vec<RuleCode> = check(&problem, &now).hard().map(|broken| broken.code).collect();
                let said: Vec<RuleCode> = repair.effect.broken.iter().map(|broken| broken.code).collect();
                prop_assert_eq!(broken, said);
                prop_assert_eq!(repair.effect.tiers, step(&problem, &before, &now));
                prop_assert!(repair.effect.tiers < [0; 3]);
            }
        }
    }

    #[test]
    fn reasons_count_everybody_once(choices in prop::collection::vec(any::<u8>(), 90), chance in prop::collection::vec(any::<u8>(), 24)) {
        let problem = tiny(&choices);
        let before = some_roster(&problem, &chance);
        let own = by_person(&problem, &before);
        let network = Network::new(&problem);
        let scene = Scene::new(&problem, own.clone());
        for unmet in explain(&network, &own, &[]).0 {
            let people = unmet.stopped_by.values().sum::<u32>() + unmet.busy_elsewhere;
            prop_assert_eq!(people, 3);
            for person in (0..3).map(PersonIx) {
                let now = after(&problem, &before, &Change { removed: Vec::new(), added: vec![(person, unmet.need)] });
                let held = scene.at[unmet.need.index()].contains(&person);
                let free = !held && check(&problem, &now).is_feasible();
                let capacity = check(&problem, &now).hard().all(|broken| broken.code == RuleCode::H11);
                prop_assert!(first_stop(&scene, person, unmet.need).is_none() == free || capacity);
            }
        }
    }

    #[test]
    fn exact_prices_are_the_difference_of_two_optima(choices in prop::collection::vec(any::<u8>(), 90)) {
        let mut problem = tiny(&choices);
        for person in &mut problem.people {
            person.home_unit = World::STREET;
            person.scope = vec![World::STREET];
        }
        for need in &mut problem.needs {
            need.place = World::STATION;
        }
        let street = Street::of(&problem, &vec![Vec::new(); 3], Some(World::STREET));
        let network = Network::new(&street.problem);
        let model = PartModel::build(&network, &street.spec(&network));
        let found = prices(&street, PriceOptions { exact: 4, time_limit: Duration::from_secs(20) });
        for price in &found.instances {
            prop_assert!(price.shadow.iter().all(|&price| price <= 1e-9));
            let Some(exact) = price.exact else { continue };
            prop_assert!(exact.proven, "{:?} {:?}", price, found.base);
            let (was, is) = (enumerated(&model), enumerated(&relaxed(&model, &price.label)));
            prop_assert_eq!(exact.change, [0, 1, 2].map(|tier: usize| is[tier] - was[tier]));
        }
        let fair = fairness(&street, Duration::from_secs(20)).expect("a roster");
        prop_assert!(fair.is_proven() && fair.price() >= 0);
        prop_assert_eq!(fair.with.map(|proof| proof.value), enumerated(&model));
    }
}

/// Exact change of a tier for one unit more of a rule, from a street without duties.
fn priced(world: &World, street: UnitIx, code: RuleCode, tier: usize) -> Vec<i64> {
    let nobody = vec![Vec::new(); world.problem.people.len()];
    let street = Street::of(&world.problem, &nobody, Some(street));
    let found = prices(&street, PriceOptions { exact: 20, time_limit: Duration::from_secs(20) });
    let of_rule = found.instances.iter().filter(|price| price.label.rule == code);
    of_rule
        .filter_map(|price| price.exact)
        .map(|exact| {
            assert!(exact.proven);
            exact.change[tier]
        })
        .collect()
}

#[test]
fn a_room_a_deputys_limit_and_a_reception_not_held_have_prices() {
    let mut world = World::with_catalogue(7);
    for name in ["ann", "bob"] {
        world.person(name);
    }
    let (dan, eve) = (world.deputy("dan"), world.deputy("eve"));
    let (first, second) = (world.reception("first", &[(2, 9)], &[dan]), world.reception("second", &[(2, 9)], &[eve]));
    let room = world.venue("room");
    for at in [first, second] {
        world.reception_mut(at).options[0].venue = Some(room);
    }
    assert_eq!(priced(&world, World::STREET, RuleCode::H11, 1), [-100], "with a second room both are held");

    let mut world = World::with_catalogue(7);
    world.person("ann");
    let dan = world.deputy("dan");
    world.person_mut(dan).limits.max_receptions = Some(1);
    for (name, day) in [("first", 2), ("second", 3)] {
        world.reception(name, &[(day, 9)], &[dan]);
    }
    assert_eq!(priced(&world, World::STREET, RuleCode::H13, 1), [-100]);
    let forgone = priced(&world, World::STREET, RuleCode::S21, 1);
    assert!(!forgone.is_empty() && forgone.iter().all(|&change| change == -100), "{forgone:?}");
}

#[test]
fn a_matter_outside_a_deputys_domains_has_a_price() {
    let mut world = World::with_catalogue(7);
    world.person("ann");
    let law = world.skill("law");
    let (dan, eve) = (world.deputy("dan"), world.deputy("eve"));
    let at = world.reception("hall", &[(2, 9)], &[dan, eve]);
    world.reception_mut(at).matters = vec![(law, 3)];
    world.problem.profile.rules.entry(RuleCode::S36).or_default().weight = Some(7);
    assert_eq!(priced(&world, World::STREET, RuleCode::S36, 2), [-7], "one of three matters is free");
    // With somebody who knows the law, one matter more or less changes nothing.
    world.grant(eve, law, 1);
    assert!(priced(&world, World::STREET, RuleCode::S36, 2).iter().all(|&change| change == 0));
    // What the rows say and what the checker counts agree, whoever receives.
    let street = Street::of(&world.problem, &vec![Vec::new(); world.problem.people.len()], Some(World::STREET));
    let network = Network::new(&street.problem);
    let plain = PartModel::build(&network, &street.spec(&network));
    let priced = PartModel::with_matches(&network, &street.spec(&network));
    for chosen in 0..1_u32 << plain.pairs.len() {
        let chosen: Vec<bool> = (0..plain.pairs.len()).map(|at| chosen >> at & 1 == 1).collect();
        assert_eq!(plain.evaluate(&chosen), priced.evaluate(&chosen));
    }
}

#[test]
fn the_room_above_and_a_late_case_have_prices() {
    let mut world = World::with_catalogue(7);
    world.person_with("ann", |person| person.unavailable = vec![Span { start: 0, end: 7 * 1440 }]);
    for name in ["gas", "roof"] {
        world.case(name, &[(2, 9)]);
    }
    world.district(World::STREET, 1);
    let street = UnitIx(1);
    // Left, a case costs S11 twice; up, it costs tier 3 alone.
    assert_eq!(priced(&world, street, RuleCode::S35, 0), [-200]);
    let late = priced(&world, street, RuleCode::S11, 0);
    assert!(!late.is_empty() && late.iter().all(|&change| change == -200), "{late:?}");
}

#[test]
fn a_host_leaves_a_reception_only_when_another_follows() {
    let mut world = World::with_catalogue(7);
    let [ann, bob, cai] = ["ann", "bob", "cai"].map(|name| world.person(name));
    let dan = world.deputy("dan");
    let post = world.post(2, 9, 12);
    let at = world.reception("hall", &[(2, 9)], &[dan]);
    let seats = world.problem.receptions[at.index()].options[0];
    let duties = [world.duty(ann, post), world.duty(bob, seats.host.unwrap()), world.duty(dan, seats.deputies)];
    let found = |world: &World| {
        let scene = Scene::new(&world.problem, by_person(&world.problem, &duties));
        replacements(&scene, ann, post, 5, false)
    };
    let with_cai = found(&world);
    assert_eq!(with_cai.first().map(|filling| filling.person), Some(cai));
    let hosts = with_cai.iter().filter(|filling| filling.person == bob);
    assert!(hosts.clone().count() == 1 && hosts.clone().all(|filling| filling.followed_by == Some(cai)));
    world.person_mut(cai).unavailable = vec![Span { start: 0, end: 7 * 1440 }];
    assert!(found(&world).is_empty(), "nobody is left for the seat");
}

/// Lexicographic optimum of a model over all choices of pairs.
fn enumerated(model: &PartModel) -> [i64; 3] {
    let pairs = model.pairs.len();
    assert!(pairs <= 14, "too many pairs for brute force");
    (0_u32..1 << pairs)
        .filter_map(|set| model.evaluate(&(0..pairs).map(|at| set & (1 << at) != 0).collect::<Vec<bool>>()))
        .min()
        .expect("nobody works")
}

#[test]
fn an_unmet_need_names_the_nearest_and_the_limit_to_override() {
    let mut world = World::with_catalogue(7);
    let skill = world.skill("law");
    let ann = world.person_with("ann", |person| person.limits.max_duties_week = Some(1));
    let bob = world.person("bob");
    world.grant(ann, skill, 1);
    let (first, second) = (world.post(0, 8, 12), world.post(1, 8, 12));
    for need in [first, second] {
        world.need_mut(need).skill = Some((skill, 1));
    }
    let duties = vec![world.duty(ann, first)];
    let scene = Scene::new(&world.problem, by_person(&world.problem, &duties));
    assert_eq!(missing(&scene), vec![(second, 1)]);
    let mut judge = scene.judge();
    let near = nearest(&scene, &mut judge, second, 5);
    assert_eq!(near.iter().map(|near| near.person).collect::<Vec<_>>(), vec![ann, bob]);
    assert_eq!(near[0].stopped_by[0].code, RuleCode::H05);
    assert_eq!(near[1].stopped_by[0].code, RuleCode::H03);
    let mended = repairs(&scene, &mut judge, second, 3);
    assert_eq!(mended.len(), 1, "a skill is never overridden, and moving ann mends nothing");
    assert_eq!((mended[0].kind, mended[0].person), (RepairKind::Override, ann));
    assert_eq!(mended[0].effect.tiers[0], -100);
}

#[test]
fn a_person_of_another_street_is_lent() {
    let mut world = World::with_catalogue(7);
    let other = world.street("other");
    let eve = world.person_with("eve", |person| {
        person.home_unit = other;
        person.scope = vec![other];
    });
    let need = world.post(0, 8, 12);
    let scene = Scene::new(&world.problem, vec![Vec::new()]);
    let mut judge = scene.judge();
    let mended = repairs(&scene, &mut judge, need, 3);
    assert_eq!(
        mended.iter().map(|repair| (repair.kind, repair.person)).collect::<Vec<_>>(),
        vec![(RepairKind::Lend, eve)]
    );
}

#[test]
fn the_fewest_pins_are_released() {
    let mut world = World::with_catalogue(7);
    let (ann, bob) = (world.person("ann"), world.person("bob"));
    let (early, late, long) = (world.post(0, 8, 10), world.post(0, 10, 12), world.post(0, 8, 12));
    let elsewhere = world.post(1, 8, 12);
    // The long duty clashes with both others: releasing it alone suffices, and nothing else of that size does.
    world.problem.pins =
        vec![world.duty(ann, early), world.duty(ann, late), world.duty(ann, long), world.duty(bob, elsewhere)];
    let clash = check_pins(&world.problem).expect_err("ann cannot be in two places");
    assert_eq!(clash.repairs, vec![vec![world.duty(ann, long)]]);
}

#[test]
fn one_more_duty_a_week_is_worth_the_need_it_covers() {
    let mut world = World::with_catalogue(7);
    let ann = world.person_with("ann", |person| person.limits.max_duties_week = Some(1));
    for need in world.daily_posts([0, 1]) {
        world.need_mut(need).priority = 2;
    }
    let street = Street::of(&world.problem, &[Vec::new()], Some(World::STREET));
    let found = prices(&street, PriceOptions { exact: 3, time_limit: Duration::from_secs(20) });
    let of_ann = found
        .instances
        .iter()
        .find(|price| price.label.rule == RuleCode::H05 && price.label.person == Some(ann))
        .expect("her weekly limit binds");
    assert!((of_ann.shadow[0] + 200.0).abs() < 1e-3, "{of_ann:?}");
    assert_eq!(of_ann.exact.map(|exact| (exact.change[0], exact.proven)), Some((-200, true)));
    let sick = Span { start: 0, end: 7 * 1440 };
    world.person_mut(ann).unavailable = vec![sick];
    let street = Street::of(&world.problem, &[Vec::new()], Some(World::STREET));
    let found = prices(&street, PriceOptions { exact: 0, time_limit: Duration::from_secs(20) });
    assert!(found.instances.iter().all(|price| price.label.rule != RuleCode::H05), "she cannot work anyway");
}
