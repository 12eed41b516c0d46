use super::{found, report};
use crate::problem::{Duty, NeedIx, PersonIx, ReceptionIx, RuleCode, SkillIx};
use crate::testing::{World, hours};

/// A host, two deputies, and a reception by one of them on Monday at nine or on Tuesday at nine.
fn hall() -> (World, [PersonIx; 3], ReceptionIx) {
    let mut world = World::new(7);
    let people = [world.person("Ann"), world.deputy("Dan"), world.deputy("Eve")];
    let reception = world.reception("hearing", &[(0, 9), (1, 9)], &people[1..]);
    (world, people, reception)
}

/// Seats of an option: of deputies, of the host.
fn seats(world: &World, reception: ReceptionIx, option: usize) -> [NeedIx; 2] {
    let option = world.problem.receptions[reception.index()].options[option];
    [option.deputies, option.host.unwrap()]
}

fn session(world: &World, [deputy, host]: [PersonIx; 2], reception: ReceptionIx, option: usize) -> Vec<Duty> {
    let [of_deputy, of_host] = seats(world, reception, option);
    vec![world.duty(deputy, of_deputy), world.duty(host, of_host)]
}

fn cost(world: &mut World, code: RuleCode, duties: &[Duty]) -> i64 {
    report(world, code, duties).score.rules.get(&code).copied().unwrap_or(0)
}

#[test]
fn h13_all_seats_of_one_span_or_none() {
    let (mut world, [ann, dan, eve], hearing) = hall();
    let whole = session(&world, [dan, ann], hearing, 0);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &whole)), []);
    assert_eq!(report(&mut world, RuleCode::H13, &whole).held, [Some(0)]);
    // Half a reception can still be mended by others, so no person is named.
    assert_eq!(found(&report(&mut world, RuleCode::H13, &whole[..1])), [(RuleCode::H13, None, Some(0), Some(0))]);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &whole[1..])), [(RuleCode::H13, None, Some(0), Some(0))]);
    let twice = [whole.clone(), session(&world, [eve, ann], hearing, 1)].concat();
    let report = report(&mut world, RuleCode::H13, &twice);
    assert_eq!(found(&report), [(RuleCode::H13, Some(2), Some(2), Some(1))]);
    assert_eq!(report.held, [None]);
}

#[test]
fn h13_a_joint_reception_takes_all_its_deputies() {
    let (mut world, [ann, dan, eve], hearing) = hall();
    world.seats(hearing, 2);
    let one = session(&world, [dan, ann], hearing, 0);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &one)), [(RuleCode::H13, None, Some(0), Some(0))]);
    let both = [one, vec![world.duty(eve, NeedIx(0))]].concat();
    assert_eq!(found(&report(&mut world, RuleCode::H13, &both)), []);
}

#[test]
fn h13_residents_have_their_notice_unless_they_know_already() {
    let (mut world, [ann, dan, _], hearing) = hall();
    world.reception_mut(hearing).earliest_day = 1;
    let (early, later) = (session(&world, [dan, ann], hearing, 0), session(&world, [dan, ann], hearing, 1));
    assert_eq!(found(&report(&mut world, RuleCode::H13, &early)), [(RuleCode::H13, Some(1), Some(0), Some(0))]);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &later)), []);
    world.reception_mut(hearing).is_announced = true;
    assert_eq!(found(&report(&mut world, RuleCode::H13, &early)), []);
}

#[test]
fn h13_only_those_it_names_sit_there() {
    let (mut world, [ann, dan, eve], hearing) = hall();
    let exchanged = session(&world, [ann, dan], hearing, 0);
    let both = [(RuleCode::H13, Some(0), Some(0), Some(0)), (RuleCode::H13, Some(1), Some(1), Some(0))];
    assert_eq!(found(&report(&mut world, RuleCode::H13, &exchanged)), both);
    world.reception_mut(hearing).hosts = Some(vec![eve]);
    let by_ann = session(&world, [dan, ann], hearing, 0);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &by_ann)), [(RuleCode::H13, Some(0), Some(1), Some(0))]);
    world.reception_mut(hearing).hosts = None;
    world.person_mut(ann).trainee = true;
    assert_eq!(found(&report(&mut world, RuleCode::H13, &by_ann)), [(RuleCode::H13, Some(0), Some(1), Some(0))]);
}

#[test]
fn h13_no_deputy_receives_too_often() {
    let (mut world, [ann, dan, _], hearing) = hall();
    let evening = world.reception("evening", &[(2, 18)], &[dan]);
    let both = [session(&world, [dan, ann], hearing, 0), session(&world, [dan, ann], evening, 0)].concat();
    assert_eq!(found(&report(&mut world, RuleCode::H13, &both)), []);
    world.person_mut(dan).limits.max_receptions = Some(1);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &both)), [(RuleCode::H13, Some(1), None, None)]);
    world.person_mut(dan).limits.max_receptions = None;
    world.parameter(RuleCode::H13, "max_receptions", 1);
    assert_eq!(found(&report(&mut world, RuleCode::H13, &both)), [(RuleCode::H13, Some(1), None, None)]);
}

#[test]
fn a_visit_has_no_host_and_is_no_reception_of_whoever_makes_it() {
    let (mut world, [ann, dan, _], hearing) = hall();
    let round = world.visit("round", &[(2, 9), (3, 9)], &[ann, dan]);
    let seat = |world: &World, option: usize| world.problem.receptions[round.index()].options[option].deputies;
    world.person_mut(dan).limits.max_receptions = Some(1);
    let (first, second) = (seat(&world, 0), seat(&world, 1));
    let both = [session(&world, [dan, ann], hearing, 0), vec![world.duty(dan, first)]].concat();
    assert_eq!(found(&report(&mut world, RuleCode::H13, &both)), []);
    let twice = [world.duty(dan, first), world.duty(ann, second)];
    assert_eq!(found(&report(&mut world, RuleCode::H13, &twice)), [(RuleCode::H13, Some(0), Some(5), Some(3))]);
    let eve = PersonIx(2);
    let by_eve = [world.duty(eve, first)];
    assert_eq!(found(&report(&mut world, RuleCode::H13, &by_eve)), [(RuleCode::H13, Some(2), Some(4), Some(2))]);
    assert_eq!(report(&mut world, RuleCode::S21, &both).held, [Some(0), Some(0)]);
    assert_eq!((cost(&mut world, RuleCode::S21, &both), cost(&mut world, RuleCode::S21, &both[..2])), (0, 100));
}

#[test]
fn h11_one_reception_has_a_room_at_a_time() {
    let (mut world, [ann, dan, eve], hearing) = hall();
    let bob = world.person("Bob");
    let other = world.reception("other", &[(0, 9)], &[eve]);
    let room = world.venue("room");
    let both = [session(&world, [dan, ann], hearing, 0), session(&world, [eve, bob], other, 0)].concat();
    assert_eq!(found(&report(&mut world, RuleCode::H11, &both)), []);
    for at in [hearing, other] {
        world.reception_mut(at).options.iter_mut().for_each(|option| option.venue = Some(room));
    }
    assert_eq!(found(&report(&mut world, RuleCode::H11, &both)), [(RuleCode::H11, None, Some(4), Some(0))]);
    world.problem.venues[room.index()].taken = vec![hours(0, 8, 10)];
    assert_eq!(found(&report(&mut world, RuleCode::H11, &both[..2])), [(RuleCode::H11, None, Some(0), Some(0))]);
}

#[test]
fn h10_is_asked_of_hosts_whom_nobody_named() {
    let (mut world, [ann, dan, _], hearing) = hall();
    world.person_mut(ann).scope = Vec::new();
    world.person_mut(dan).scope = Vec::new();
    let duties = session(&world, [dan, ann], hearing, 0);
    world.reception_mut(hearing).hosts = None;
    assert_eq!(found(&report(&mut world, RuleCode::H10, &duties)), [(RuleCode::H10, Some(0), Some(1), Some(0))]);
    world.reception_mut(hearing).hosts = Some(vec![ann]);
    assert_eq!(found(&report(&mut world, RuleCode::H10, &duties)), []);
}

#[test]
fn s21_by_priority_while_a_reception_is_not_held() {
    let (mut world, [ann, dan, _], hearing) = hall();
    world.reception_mut(hearing).priority = 3;
    let whole = session(&world, [dan, ann], hearing, 1);
    assert_eq!(cost(&mut world, RuleCode::S21, &whole), 0);
    assert_eq!(cost(&mut world, RuleCode::S21, &whole[..1]), 300);
    assert_eq!(report(&mut world, RuleCode::S21, &[]).score.tiers, [0, 300, 0]);
}

#[test]
fn s23_does_not_look_at_seats() {
    let (mut world, [ann, dan, _], hearing) = hall();
    world.person_mut(ann).newcomer = true;
    let whole = session(&world, [dan, ann], hearing, 0);
    assert_eq!(cost(&mut world, RuleCode::S23, &whole), 0);
}

#[test]
fn s30_by_the_distance_from_the_time_that_was_wanted() {
    let (mut world, [ann, dan, _], hearing) = hall();
    world.reception_mut(hearing).options[1].weight = 2;
    let (wanted, other) = (session(&world, [dan, ann], hearing, 0), session(&world, [dan, ann], hearing, 1));
    assert_eq!(cost(&mut world, RuleCode::S30, &wanted), 0);
    assert_eq!(cost(&mut world, RuleCode::S30, &other), 20);
    assert_eq!(cost(&mut world, RuleCode::S30, &other[..1]), 0);
}

#[test]
fn s36_by_matters_outside_a_deputys_domains() {
    let (mut world, [ann, dan, eve], hearing) = hall();
    let (law, health) = (world.skill("law"), world.skill("health"));
    world.grant(eve, law, 1);
    world.reception_mut(hearing).matters = vec![(law, 2), (health, 1)];
    let of = |world: &World, deputy: PersonIx| session(world, [deputy, ann], hearing, 0);
    let (by_dan, by_eve) = (of(&world, dan), of(&world, eve));
    assert_eq!(cost(&mut world, RuleCode::S36, &by_dan), 15);
    assert_eq!(cost(&mut world, RuleCode::S36, &by_eve), 5);
    assert_eq!(SkillIx(0), law);
}
