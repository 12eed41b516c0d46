//! Replans of tiny problems against enumeration of every roster.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::explain::plan::plan_street;
use crate::explain::street::{Street, by_person};
use crate::model::candidates::Network;
use crate::model::part::PartModel;
use crate::problem::{Duty, NeedIx, NeedKind, PersonIx, Problem, Span, UnitIx, VenueIx};
use crate::search::linear_solver::{IntegerLimits, solve_integer};
use crate::testing::{World, tiny, tiny_with_cases, tiny_with_receptions};

/// Every roster of the problem that keeps tier 0.
pub(crate) fn rosters(problem: &Problem) -> Vec<(Vec<Duty>, [i64; 3])> {
    let network = Network::new(problem);
    let pairs: Vec<Duty> = (0..problem.people.len())
        .map(PersonIx::from_index)
        .flat_map(|person| network.candidates(person).into_iter().map(move |need| (person, need)))
        .filter_map(|(person, need)| network.post(need).map(|post| Duty { person, need, span: post.span }))
        .collect();
    assert!(pairs.len() <= 16, "too many pairs for brute force");
    (0_u32..1 << pairs.len())
        .filter_map(|set| {
            let chosen: Vec<Duty> =
                pairs.iter().enumerate().filter(|&(at, _)| set & (1 << at) != 0).map(|(_, duty)| *duty).collect();
            let report = check(problem, &chosen);
            report.is_feasible().then_some((chosen, report.score.tiers))
        })
        .collect()
}

fn changed(one: &[Duty], other: &[Duty]) -> usize {
    let set = |duties: &[Duty]| duties.iter().map(|duty| (duty.person, duty.need)).collect::<BTreeSet<_>>();
    let people: BTreeSet<PersonIx> = set(one).symmetric_difference(&set(other)).map(|&(person, _)| person).collect();
    people.len()
}

/// The street's roster as duties of the whole problem.
fn whole(problem: &Problem, street: &Street, made: &[Vec<NeedIx>], before: &[Duty]) -> Vec<Duty> {
    let inside: BTreeSet<PersonIx> = street.people.iter().copied().collect();
    let mut duties: Vec<Duty> = before.iter().copied().filter(|duty| !inside.contains(&duty.person)).collect();
    for (local, needs) in made.iter().enumerate() {
        for need in needs {
            let need = street.needs[need.index()];
            let span = problem.needs[need.index()].as_post().expect("a post").span;
            duties.push(Duty { person: street.people[local], need, span });
        }
    }
    duties
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_replan_changes_the_fewest_people_that_any_roster_changes(
        choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..4, pick in any::<u8>(), cap in 0_usize..4,
    ) {
        // One street, so that the replan may decide everything and enumeration sees the same choices.
        let mut problem = tiny(&choices);
        for person in &mut problem.people {
            person.home_unit = World::STREET;
            person.scope = vec![World::STREET];
        }
        for need in &mut problem.needs {
            need.place = if need.place.0 == 2 { World::STATION } else { need.place };
        }
        // Posts that no resident misses, which the run for the fewest people leaves out.
        for (need, choice) in problem.needs.iter_mut().zip(&choices[80..]) {
            let NeedKind::Post(post) = &mut need.kind;
            post.cover.min = u16::from(choice % 3 != 0);
        }
        let published = rosters(&problem).into_iter().min_by_key(|(duties, tiers)| (*tiers, duties.clone())).expect("one").0;
        let person = PersonIx(u32::from(pick) % 3);
        let event = match kind {
            0 => Event::Sick { person, span: Span { start: 4 * 1440, end: 6 * 1440 } },
            1 => Event::Resigned { person, from: 4 },
            2 => Event::Closed { place: World::STATION, span: Span { start: 3 * 1440, end: 5 * 1440 } },
            _ => Event::Availability { person, unavailable: Vec::new() },
        };
        apply(&mut problem, &event);
        let street = Street::of(&problem, &by_person(&problem, &published), Some(World::STREET));
        let all = rosters(&problem);
        let least1 = all.iter().map(|(_, tiers)| tiers[0]).min().expect("the empty roster");
        let best = all.iter().filter(|(_, tiers)| tiers[0] == least1);
        let fewest = best.clone().map(|(duties, _)| changed(duties, &published)).min().expect("one");
        let quality = best.filter(|(duties, _)| changed(duties, &published) == fewest).map(|(_, tiers)| *tiers).min();

        let made = replan_street(&street, ReplanOptions::default());
        let after = whole(&problem, &street, &made.duties, &published);
        let report = check(&problem, &after);
        prop_assert!(report.is_feasible(), "{:?}", report.broken);
        prop_assert_eq!(report.score.tiers[0], least1);
        prop_assert_eq!(changed(&after, &published), fewest);
        prop_assert_eq!(made.changed.len(), fewest);
        prop_assert!(made.tier1.is_proven() && made.people.is_proven());
        prop_assert_eq!(Some(report.score.tiers), quality, "{:?}", made);
        prop_assert!(made.quality.iter().all(|proof| proof.is_proven()));

        // With a cap, tier 1 is the least that so few changes reach.
        let cap = cap.max(made.forced);
        let reachable = all.iter().filter(|(duties, _)| changed(duties, &published) <= cap);
        let least = reachable.map(|(_, tiers)| tiers[0]).min().expect("the forced changes alone");
        let options = ReplanOptions { most_people: Some(cap), ..ReplanOptions::default() };
        let made = replan_street(&street, options);
        let after = whole(&problem, &street, &made.duties, &published);
        prop_assert_eq!(check(&problem, &after).score.tiers[0], least);
        prop_assert!(changed(&after, &published) <= cap);
    }
}

/// A week of one street with eight people and 21 posts: too large for enumeration, so that pairs open by price.
fn week(choices: &[u8]) -> Problem {
    let mut at = choices.iter().copied().cycle();
    let mut pick = |bound: u8| at.next().unwrap_or(0) % bound;
    let mut world = World::with_catalogue(7);
    let skill = world.skill("law");
    for name in ["ann", "bob", "cai", "dan", "eve", "fay", "gus", "han"] {
        let person = world.person_with(name, |person| {
            person.limits.max_duties_week = Some(u16::from(1 + pick(4)));
            person.limits.max_consecutive_days = (pick(3) == 0).then_some(2);
            person.newcomer = pick(5) == 0;
        });
        if pick(2) == 0 {
            world.grant(person, skill, 1);
        }
    }
    for day in 0..7 {
        for hour in [8, 12, 17] {
            let need = world.post(day, hour, hour + 4);
            let min = u16::from(pick(3));
            world.cover(need, min, min + u16::from(pick(2)), min + 1);
            let need = world.need_mut(need);
            need.skill = (pick(3) == 0).then_some((skill, 1));
            need.priority = 1 + pick(3);
        }
    }
    world.problem
}

/// The fewest people changed with tier 1 at a value, by one integer programme of everything.
fn fewest_of_the_whole(street: &Street, tier1: i64) -> usize {
    let network = Network::new(&street.problem);
    let mut model = PartModel::build(&network, &street.spec(&network));
    for column in &mut model.linear.columns {
        column.cost = [column.cost[0], 0, 0];
    }
    for (index, sets) in model.exclusive.clone().into_iter().enumerate() {
        let is_own = |pair: &u32| street.duties[index].contains(&model.pairs[*pair as usize].need);
        let all: Vec<u32> = sets.iter().flatten().copied().collect();
        let (own, new): (Vec<u32>, Vec<u32>) = all.into_iter().partition(is_own);
        let lost = own.iter().collect::<BTreeSet<_>>().len() < street.duties[index].len();
        let new: Vec<Vec<u32>> = new.into_iter().map(|pair| vec![pair]).collect();
        let flag = model.add_flag(i64::from(lost), &new, &own);
        model.linear.columns[flag as usize].cost[1] = 1;
    }
    let limits = IntegerLimits { seconds: 60.0, absolute_gap: 0.5, relative_gap: 0.0, seed: 1 };
    let found = solve_integer(&model.linear, [0.0, 1.0, 0.0], None, &[(0, tier1)], None, limits);
    let values = found.values.expect("a roster");
    let flags = values.iter().zip(&model.linear.columns).filter(|(_, column)| column.cost[1] == 1);
    flags.filter(|&(value, _)| *value > 0.5).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_week_is_proven_as_one_programme_of_everything_proves_it(
        choices in prop::collection::vec(any::<u8>(), 97), kind in 0_u8..3, pick in any::<u8>(), plan in any::<bool>(),
    ) {
        let mut problem = week(&choices);
        let street = |problem: &Problem, duties: &[Duty]| {
            Street::of(problem, &by_person(problem, duties), Some(World::STREET))
        };
        let limit = std::time::Duration::from_mins(1);
        let mut published = Vec::new();
        let empty = street(&problem, &published);
        // A roster at the optimum of tier 1, or one from which duties were taken, so that it is not.
        let planned = plan_street(&empty, limit).expect("no pins");
        published = whole(&problem, &empty, &planned.duties, &[]);
        if plan {
            let mut number = 0;
            published.retain(|_| { number += 1; number % 5 != 0 });
        }
        let person = PersonIx(u32::from(pick) % 8);
        let day = i32::from(pick) % 7;
        let event = match kind {
            0 => Event::Sick { person, span: Span { start: day * 1440, end: (day + 2) * 1440 } },
            1 => Event::Resigned { person, from: day },
            _ => Event::Availability { person, unavailable: vec![Span { start: day * 1440, end: (day + 1) * 1440 }] },
        };
        apply(&mut problem, &event);
        let part = street(&problem, &published);
        let made = replan_street(&part, ReplanOptions { most_people: None, time_limit: limit });
        let after = whole(&problem, &part, &made.duties, &published);
        let report = check(&problem, &after);
        prop_assert!(report.is_feasible(), "{:?}", report.broken);
        prop_assert!(made.tier1.is_proven() && made.people.is_proven(), "{made:?}");
        let best = plan_street(&part, limit).expect("no pins").tiers[0];
        prop_assert_eq!(made.tier1.value, best.value);
        prop_assert_eq!(report.score.tiers[0], best.value);
        prop_assert_eq!(changed(&after, &published), made.changed.len());
        prop_assert_eq!(made.changed.len(), fewest_of_the_whole(&part, best.value));
        prop_assert_eq!([made.quality[0].value, made.quality[1].value], [report.score.tiers[1], report.score.tiers[2]]);
    }
}

/// Everything in one street, so that the replan may decide everything and enumeration sees the same choices.
fn in_one_street(problem: &mut Problem, street: UnitIx) {
    for person in problem.people.iter_mut().filter(|person| !person.scope.is_empty()) {
        person.home_unit = street;
        person.scope = vec![street];
    }
    for person in &mut problem.people {
        person.home_unit = street;
    }
    for need in problem.needs.iter_mut().filter(|need| need.place.0 == 2) {
        need.place = World::STATION;
    }
    for reception in &mut problem.receptions {
        reception.unit = street;
    }
    for case in &mut problem.cases {
        case.unit = street;
    }
}

/// Holds a replan against every roster: tier 1 at its least, the fewest people, the best quality, and the same with a cap.
fn agrees_with_enumeration(
    problem: &Problem,
    street: UnitIx,
    published: &[Duty],
    cap: usize,
) -> Result<(), TestCaseError> {
    let all = rosters(problem);
    let least1 = all.iter().map(|(_, tiers)| tiers[0]).min().expect("the empty roster");
    let best = all.iter().filter(|(_, tiers)| tiers[0] == least1);
    let fewest = best.clone().map(|(duties, _)| changed(duties, published)).min().expect("one");
    let quality = best.filter(|(duties, _)| changed(duties, published) == fewest).map(|(_, tiers)| *tiers).min();
    let part = Street::of(problem, &by_person(problem, published), Some(street));

    let made = replan_street(&part, ReplanOptions::default());
    let after = whole(problem, &part, &made.duties, published);
    let report = check(problem, &after);
    prop_assert!(report.is_feasible(), "{:?}", report.broken);
    prop_assert_eq!(changed(&after, published), fewest);
    prop_assert_eq!(Some(report.score.tiers), quality, "{:?}", made);
    prop_assert!(made.tier1.is_proven() && made.people.is_proven());
    prop_assert!(made.quality.iter().all(|proof| proof.is_proven()));

    let possible = all.iter().map(|(duties, _)| changed(duties, published)).min().expect("one");
    let cap = cap.max(possible).max(made.forced);
    let least = all.iter().filter(|(duties, _)| changed(duties, published) <= cap).map(|(_, tiers)| tiers[0]).min();
    let made = replan_street(&part, ReplanOptions { most_people: Some(cap), ..ReplanOptions::default() });
    let after = whole(problem, &part, &made.duties, published);
    prop_assert_eq!(Some(check(problem, &after).score.tiers[0]), least);
    prop_assert!(changed(&after, published) <= cap);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_replan_keeps_receptions_with_the_fewest_people_changed(
        choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..4, pick in any::<u8>(), cap in 0_usize..4,
    ) {
        let mut problem = tiny_with_receptions(&choices);
        in_one_street(&mut problem, World::STREET);
        let best = rosters(&problem).into_iter().min_by_key(|(duties, tiers)| (*tiers, duties.clone()));
        let published = best.expect("one").0;
        let person = PersonIx(u32::from(pick) % 5);
        let week = Span { start: 3 * 1440, end: 7 * 1440 };
        let event = match kind {
            0 => Event::Sick { person, span: week },
            1 => Event::Resigned { person, from: 4 },
            2 => Event::Closed { place: World::STATION, span: Span { start: 3 * 1440, end: 5 * 1440 } },
            _ => Event::Withdrawn { venue: VenueIx(0), span: week },
        };
        apply(&mut problem, &event);
        agrees_with_enumeration(&problem, World::STREET, &published, cap)?;
    }

    #[test]
    fn a_replan_settles_cases_with_the_fewest_people_changed(
        choices in prop::collection::vec(any::<u8>(), 90), kind in 0_u8..3, pick in any::<u8>(), cap in 0_usize..4,
    ) {
        let mut problem = tiny_with_cases(&choices);
        let street = UnitIx(1);
        in_one_street(&mut problem, street);
        let best = rosters(&problem).into_iter().min_by_key(|(duties, tiers)| (*tiers, duties.clone()));
        let published = best.expect("one").0;
        let person = PersonIx(u32::from(pick) % 3);
        let event = match kind {
            0 => Event::Sick { person, span: Span { start: 3 * 1440, end: 7 * 1440 } },
            1 => Event::Resigned { person, from: 4 },
            _ => Event::Closed { place: World::STATION, span: Span { start: 3 * 1440, end: 5 * 1440 } },
        };
        apply(&mut problem, &event);
        agrees_with_enumeration(&problem, street, &published, cap)?;
    }
}

#[test]
fn a_sick_host_is_replaced_and_the_deputy_stays() {
    let mut world = World::with_catalogue(7);
    let [ann, bob] = ["ann", "bob"].map(|name| world.person(name));
    let dan = world.deputy("dan");
    let at = world.reception("hall", &[(2, 9)], &[dan]);
    let option = world.problem.receptions[at.index()].options[0];
    let published = vec![world.duty(dan, option.deputies), world.duty(ann, option.host.unwrap())];
    apply(&mut world.problem, &Event::Sick { person: ann, span: Span { start: 0, end: 7 * 1440 } });
    let street = Street::of(&world.problem, &by_person(&world.problem, &published), Some(World::STREET));
    let made = replan_street(&street, ReplanOptions::default());
    assert_eq!((made.people.value, made.forced), (2, 1));
    assert_eq!(made.duties[bob.index()], [option.host.unwrap()]);
    assert_eq!(made.duties[dan.index()], [option.deputies]);
}

#[test]
fn a_visit_without_its_visitor_changes_nobody_else() {
    let mut world = World::with_catalogue(7);
    let [dan, eve] = ["dan", "eve"].map(|name| world.deputy(name));
    let at = world.visit("round", &[(2, 9)], &[dan, eve]);
    let seat = world.problem.receptions[at.index()].options[0].deputies;
    let published = vec![world.duty(dan, seat)];
    apply(&mut world.problem, &Event::Sick { person: dan, span: Span { start: 0, end: 7 * 1440 } });
    let street = Street::of(&world.problem, &by_person(&world.problem, &published), Some(World::STREET));
    let made = replan_street(&street, ReplanOptions::default());
    // People come before quotas: the visit falls, and the next plan gives it to another.
    assert_eq!((made.people.value, made.duties[eve.index()].len()), (1, 0));
    assert_eq!(made.quality[0].value, 100);
}

#[test]
fn a_withdrawn_room_moves_a_reception_and_without_another_day_it_falls_whole() {
    for (starts, held) in [(&[(2, 9), (3, 9)][..], true), (&[(2, 9)], false)] {
        let mut world = World::with_catalogue(7);
        let ann = world.person("ann");
        let dan = world.deputy("dan");
        let at = world.reception("hall", starts, &[dan]);
        let room = world.venue("room");
        for option in &mut world.reception_mut(at).options {
            option.venue = Some(room);
        }
        let options = world.problem.receptions[at.index()].options.clone();
        let published = vec![world.duty(dan, options[0].deputies), world.duty(ann, options[0].host.unwrap())];
        let event = Event::Withdrawn { venue: room, span: Span { start: 2 * 1440, end: 3 * 1440 } };
        let touched = streets_touched(&world.problem, std::slice::from_ref(&event), &published);
        assert_eq!(touched, BTreeSet::from([Some(World::STREET)]));
        apply(&mut world.problem, &event);
        let street = Street::of(&world.problem, &by_person(&world.problem, &published), Some(World::STREET));
        let made = replan_street(&street, ReplanOptions::default());
        let seats = if held { vec![options[1].deputies] } else { Vec::new() };
        assert_eq!(made.duties[dan.index()], seats);
        assert_eq!(made.duties[ann.index()].len(), seats.len());
        assert!(made.people.is_proven() && made.people.value == 2);
    }
}

#[test]
fn a_sick_call_changes_the_sick_and_one_free_person_and_nobody_else() {
    let mut world = World::with_catalogue(7);
    let people: Vec<PersonIx> = ["ann", "bob", "cai"].map(|name| world.person(name)).into();
    let (morning, afternoon) = (world.post(0, 8, 12), world.post(0, 14, 18));
    let published = vec![world.duty(people[0], morning), world.duty(people[1], afternoon)];
    let event = Event::Sick { person: people[0], span: Span { start: 0, end: 1440 } };
    assert_eq!(
        streets_touched(&world.problem, std::slice::from_ref(&event), &published),
        BTreeSet::from([Some(World::STREET)])
    );
    apply(&mut world.problem, &event);
    let own = by_person(&world.problem, &published);
    let street = Street::of(&world.problem, &own, Some(World::STREET));
    let made = replan_street(&street, ReplanOptions::default());
    assert_eq!((made.people.value, made.people.bound, made.forced), (2, 2, 1));
    assert!(made.duties[1].contains(&afternoon), "bob keeps his duty");
    assert!(made.duties[0].is_empty());
}
