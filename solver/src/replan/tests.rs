//! Replans of tiny problems against enumeration of every roster.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::explain::street::{Street, by_person};
use crate::model::candidates::Network;
use crate::problem::{Duty, NeedIx, PersonIx, Problem, Span};
use crate::testing::{World, tiny};

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
