use super::{found, report, shifted};
use crate::problem::{Duty, PersonIx, PersonSkill, Point, RuleCode};
use crate::testing::{World, hours};

#[test]
fn h01_one_place_at_a_time() {
    let mut world = World::new(7);
    let ann = world.person("Ann");
    let posts = [world.post(0, 8, 12), world.post(0, 11, 13), world.post(0, 12, 14)];
    let apart = world.duties(ann, &[posts[0], posts[2]]);
    assert_eq!(found(&report(&mut world, RuleCode::H01, &apart)), []);
    let overlapping = world.duties(ann, &posts);
    let expected = [(RuleCode::H01, Some(0), Some(1), Some(0)), (RuleCode::H01, Some(0), Some(2), Some(0))];
    assert_eq!(found(&report(&mut world, RuleCode::H01, &overlapping)), expected);
}

#[test]
fn h01_leaves_time_for_the_way() {
    let mut world = World::new(7);
    let ann = world.person("Ann");
    let far = world.place("far", World::STREET);
    // 15,001 metres at 250 metres a minute take 61 minutes.
    world.locate(World::STATION, 0).locate(far, 15_000);
    let posts = [world.post(0, 8, 12), world.post(0, 13, 15)];
    world.need_mut(posts[1]).place = far;
    let duties = world.duties(ann, &posts);
    assert_eq!(found(&report(&mut world, RuleCode::H01, &duties)), []);
    world.locate(far, 15_001);
    assert_eq!(found(&report(&mut world, RuleCode::H01, &duties)), [(RuleCode::H01, Some(0), Some(1), Some(0))]);
}

#[test]
fn h02_not_while_unavailable_or_out_of_service() {
    let mut world = World::new(7);
    let (ann, duties) = world.at_work("Ann", &[1, 2, 3]);
    world.person_mut(ann).active_days = (1, 3);
    world.person_mut(ann).unavailable = vec![hours(1, 0, 8), hours(1, 12, 24)];
    assert_eq!(found(&report(&mut world, RuleCode::H02, &duties)), []);
    world.person_mut(ann).active_days = (2, 3);
    world.person_mut(ann).unavailable = vec![hours(1, 0, 8), hours(3, 11, 12)];
    let expected = [(RuleCode::H02, Some(0), Some(0), Some(1)), (RuleCode::H02, Some(0), Some(2), Some(3))];
    assert_eq!(found(&report(&mut world, RuleCode::H02, &duties)), expected);
}

#[test]
fn h03_skill_level_and_certificate() {
    let mut world = World::new(7);
    let (law, other) = (world.skill("law"), world.skill("health"));
    let (ann, duties) = world.at_work("Ann", &[0, 3]);
    for duty in &duties {
        world.need_mut(duty.need).skill = Some((law, 2));
    }
    world.grant(ann, other, 3).grant(ann, law, 1);
    assert_eq!(report(&mut world, RuleCode::H03, &duties).broken.len(), 2);
    world.person_mut(ann).skills.push(PersonSkill { skill: law, level: 2, valid_until: Some(2) });
    assert_eq!(found(&report(&mut world, RuleCode::H03, &duties)), [(RuleCode::H03, Some(0), Some(1), Some(3))]);
    world.person_mut(ann).skills[2].valid_until = Some(3);
    assert_eq!(found(&report(&mut world, RuleCode::H03, &duties)), []);
}

#[test]
fn h04_minutes_and_duties_of_a_day() {
    let mut world = World::new(7);
    let ann = world.person("Ann");
    let posts = [world.post(0, 8, 13), world.post(0, 14, 19), world.post(1, 8, 9)];
    let duties = world.duties(ann, &posts);
    // 600 minutes and 2 duties are within the catalogue's limits.
    assert_eq!(found(&report(&mut world, RuleCode::H04, &duties)), []);
    world.person_mut(ann).limits.max_minutes_day = Some(599);
    assert_eq!(found(&report(&mut world, RuleCode::H04, &duties)), [(RuleCode::H04, Some(0), None, Some(0))]);
    world.person_mut(ann).limits.max_minutes_day = None;
    world.parameter(RuleCode::H04, "max_minutes", 0).parameter(RuleCode::H04, "max_duties", 1);
    assert_eq!(found(&report(&mut world, RuleCode::H04, &duties)), [(RuleCode::H04, Some(0), None, Some(0))]);
    world.person_mut(ann).limits.max_duties_day = Some(2);
    assert_eq!(found(&report(&mut world, RuleCode::H04, &duties)), []);
}

#[test]
fn h05_minutes_and_duties_of_a_week() {
    let mut world = World::new(14);
    // 240 minutes a day; the second week begins on day 7.
    let (ann, duties) = world.at_work("Ann", &[5, 6, 7]);
    world.person_mut(ann).limits.max_minutes_week = Some(480);
    world.person_mut(ann).limits.max_duties_week = Some(2);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), []);
    world.person_mut(ann).limits.max_minutes_week = Some(479);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), [(RuleCode::H05, Some(0), None, Some(0))]);
    world.person_mut(ann).limits.max_minutes_week = None;
    world.person_mut(ann).limits.max_duties_week = Some(1);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), [(RuleCode::H05, Some(0), None, Some(0))]);
}

#[test]
fn h05_minutes_of_four_weeks_with_history() {
    let mut world = World::new(14);
    let (ann, duties) = world.at_work("Ann", &[0, 7]);
    world.person_mut(ann).history.minutes_last_three_weeks = [1000, 100, 100];
    world.person_mut(ann).limits.max_minutes_four_weeks = Some(1440);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), []);
    world.person_mut(ann).limits.max_minutes_four_weeks = Some(1439);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), [(RuleCode::H05, Some(0), None, Some(0))]);
}

#[test]
fn h05_minutes_of_the_horizon() {
    let mut world = World::new(14);
    let (ann, duties) = world.at_work("Ann", &[0, 7]);
    world.person_mut(ann).limits.min_minutes_horizon = Some(480);
    world.person_mut(ann).limits.max_minutes_horizon = Some(480);
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), []);
    world.person_mut(ann).limits.min_minutes_horizon = Some(481);
    world.person_mut(ann).limits.max_minutes_horizon = Some(479);
    let both = [(RuleCode::H05, Some(0), None, None); 2];
    assert_eq!(found(&report(&mut world, RuleCode::H05, &duties)), both);
}

#[test]
fn h06_rest_between_days() {
    let mut world = World::new(7);
    let ann = world.person("Ann");
    // 660 minutes from 20:00 to 07:00; two duties of one day need none.
    let posts = [world.post(0, 12, 16), world.post(0, 16, 20), world.post(1, 7, 9)];
    let duties = world.duties(ann, &posts);
    assert_eq!(found(&report(&mut world, RuleCode::H06, &duties)), []);
    world.person_mut(ann).limits.min_rest_minutes = Some(661);
    assert_eq!(found(&report(&mut world, RuleCode::H06, &duties)), [(RuleCode::H06, Some(0), Some(2), Some(1))]);
    world.person_mut(ann).limits.min_rest_minutes = None;
    world.person_mut(ann).history.last_duty_end = Some(61);
    assert_eq!(found(&report(&mut world, RuleCode::H06, &duties)), [(RuleCode::H06, Some(0), Some(0), Some(0))]);
}

#[test]
fn h06_forbidden_successions() {
    let mut world = World::new(7);
    let (early, late) = (world.shift_type("early"), world.shift_type("late"));
    world.problem.shift_types[late.index()].forbidden_next = vec![early];
    let ann = world.person("Ann");
    let posts = [world.post_of(early, 0, 8, 9), world.post_of(late, 1, 8, 9), world.post_of(early, 3, 8, 9)];
    let duties = world.duties(ann, &posts);
    assert_eq!(found(&report(&mut world, RuleCode::H06, &duties)), []);
    world.person_mut(ann).history.last_shift_type = Some(late);
    assert_eq!(found(&report(&mut world, RuleCode::H06, &duties)), [(RuleCode::H06, Some(0), Some(0), Some(0))]);
    world.person_mut(ann).history.last_shift_type = None;
    let next_day = world.post_of(early, 2, 8, 9);
    let next = [duties[1], world.duty(ann, next_day)];
    assert_eq!(found(&report(&mut world, RuleCode::H06, &next)), [(RuleCode::H06, Some(0), Some(3), Some(2))]);
}

#[test]
fn h07_most_consecutive_working_days() {
    let mut world = World::new(14);
    let (ann, duties) = world.at_work("Ann", &[0, 1, 2, 3, 5]);
    world.person_mut(ann).history.consecutive_days = 2;
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), []);
    world.person_mut(ann).history.consecutive_days = 3;
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), [(RuleCode::H07, Some(0), None, Some(3))]);
    // A run that day 0 ends is history's own.
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties[4..])), []);
}

#[test]
fn h07_least_consecutive_days() {
    let mut world = World::new(7);
    // Work: history and day 0, day 3, day 6; off: days 1-2, days 4-5.
    let (ann, duties) = world.at_work("Ann", &[0, 3, 6]);
    world.person_mut(ann).history.consecutive_days = 1;
    world.person_mut(ann).limits.min_consecutive_days = Some(2);
    world.person_mut(ann).limits.min_consecutive_days_off = Some(2);
    // Only day 3 is alone: day 0 goes on from history, day 6 is open.
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), [(RuleCode::H07, Some(0), None, Some(4))]);
    world.person_mut(ann).history.consecutive_days = 0;
    let two = [(RuleCode::H07, Some(0), None, Some(1)), (RuleCode::H07, Some(0), None, Some(4))];
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), two);
    // With an unknown history a run that touches day 0 may have begun before.
    world.person_mut(ann).history.consecutive_days_off = u16::MAX;
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), [(RuleCode::H07, Some(0), None, Some(4))]);
    world.person_mut(ann).limits.min_consecutive_days = None;
    world.person_mut(ann).limits.min_consecutive_days_off = Some(3);
    let two = [(RuleCode::H07, Some(0), None, Some(3)), (RuleCode::H07, Some(0), None, Some(6))];
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), two);
}

#[test]
fn h07_a_run_of_history_that_day_0_ends_may_be_too_short() {
    let mut world = World::new(7);
    let (ann, duties) = world.at_work("Ann", &[0]);
    world.person_mut(ann).history.consecutive_days_off = 1;
    world.person_mut(ann).limits.min_consecutive_days_off = Some(2);
    assert_eq!(found(&report(&mut world, RuleCode::H07, &duties)), [(RuleCode::H07, Some(0), None, Some(0))]);
    assert_eq!(found(&report(&mut world, RuleCode::H07, &[])), []);
}

#[test]
fn h08_weekends_of_four_weeks_and_of_the_horizon() {
    let mut world = World::new(14);
    // Saturday and Sunday of the first week, Sunday of the second.
    let (ann, duties) = world.at_work("Ann", &[5, 6, 13]);
    world.person_mut(ann).history.weekends_last_three_weeks = [true, false, true];
    // Week 0 sees 3 of the last four weekends, week 1 too: within the catalogue's 3.
    assert_eq!(found(&report(&mut world, RuleCode::H08, &duties)), []);
    world.person_mut(ann).limits.max_weekends_horizon = Some(1);
    assert_eq!(found(&report(&mut world, RuleCode::H08, &duties)), [(RuleCode::H08, Some(0), None, None)]);
    world.person_mut(ann).limits.max_weekends_horizon = Some(2);
    world.person_mut(ann).history.weekends_last_three_weeks = [true, true, true];
    let both = [(RuleCode::H08, Some(0), None, Some(0)), (RuleCode::H08, Some(0), None, Some(7))];
    assert_eq!(found(&report(&mut world, RuleCode::H08, &duties)), both);
    world.person_mut(ann).limits.max_weekends_four_weeks = Some(4);
    assert_eq!(found(&report(&mut world, RuleCode::H08, &duties)), []);
}

#[test]
fn h09_duties_of_a_type() {
    let mut world = World::new(7);
    let (night, day) = (world.shift_type("night"), world.shift_type("day"));
    let ann = world.person("Ann");
    let posts = [world.post_of(night, 0, 22, 30), world.post_of(night, 2, 22, 30), world.post_of(day, 4, 8, 9)];
    let duties = world.duties(ann, &posts);
    world.person_mut(ann).limits.max_duties_of_type = vec![(night, 2), (day, 1)];
    assert_eq!(found(&report(&mut world, RuleCode::H09, &duties)), []);
    world.person_mut(ann).limits.max_duties_of_type = vec![(night, 1), (day, 1)];
    assert_eq!(found(&report(&mut world, RuleCode::H09, &duties)), [(RuleCode::H09, Some(0), None, None)]);
}

#[test]
fn h10_scope_and_distance() {
    let mut world = World::new(7);
    let community = world.unit("community", World::STREET);
    world.problem.places[0].unit = community;
    let (ann, duties) = world.at_work("Ann", &[0]);
    world.locate(World::STATION, 1000);
    world.person_mut(ann).home = Some(Point { east_metres: 0, north_metres: 0 });
    world.person_mut(ann).max_distance_metres = Some(1000);
    assert_eq!(found(&report(&mut world, RuleCode::H10, &duties)), []);
    world.person_mut(ann).max_distance_metres = Some(999);
    let broken = [(RuleCode::H10, Some(0), Some(0), Some(0))];
    assert_eq!(found(&report(&mut world, RuleCode::H10, &duties)), broken);
    world.person_mut(ann).max_distance_metres = None;
    world.person_mut(ann).scope = vec![world.street("other")];
    assert_eq!(found(&report(&mut world, RuleCode::H10, &duties)), broken);
}

#[test]
fn h11_a_post_holds_its_maximum_trainees_included() {
    let mut world = World::new(7);
    let desk = world.post(0, 8, 12);
    let people = [world.person("Ann"), world.person_with("Bob", |person| person.trainee = true)];
    let duties = people.map(|person| world.duty(person, desk));
    world.cover(desk, 1, 1, 2);
    assert_eq!(found(&report(&mut world, RuleCode::H11, &duties)), []);
    world.cover(desk, 1, 1, 1);
    assert_eq!(found(&report(&mut world, RuleCode::H11, &duties)), [(RuleCode::H11, None, Some(0), Some(0))]);
}

#[test]
fn h12_inside_one_opening_span_and_at_the_posts_own_time() {
    let mut world = World::new(7);
    let (_, duties) = world.at_work("Ann", &[1]);
    world.problem.places[0].opening = Some(vec![hours(0, 8, 12), hours(1, 8, 12), hours(2, 8, 12)]);
    assert_eq!(found(&report(&mut world, RuleCode::H12, &duties)), []);
    let broken = [(RuleCode::H12, Some(0), Some(0), Some(1))];
    world.problem.places[0].opening = Some(vec![hours(1, 8, 10), hours(1, 10, 12)]);
    assert_eq!(found(&report(&mut world, RuleCode::H12, &duties)), broken);
    world.problem.places[0].opening = Some(Vec::new());
    assert_eq!(found(&report(&mut world, RuleCode::H12, &duties)), broken);
    world.problem.places[0].opening = None;
    let late: Vec<Duty> = duties.iter().map(|duty| shifted(*duty, 1)).collect();
    assert_eq!(found(&report(&mut world, RuleCode::H12, &late)), broken);
}

#[test]
fn h14_excluded_people_and_pairs_to_keep_apart() {
    let mut world = World::new(7);
    let people = [world.person("Ann"), world.person("Bob")];
    let posts = [world.post(0, 8, 12), world.post(1, 8, 12)];
    let together = [world.duty(people[0], posts[0]), world.duty(people[1], posts[0])];
    let apart = [world.duty(people[0], posts[0]), world.duty(people[1], posts[1])];
    world.problem.apart.push((people[0], people[1]));
    world.need_mut(posts[1]).excluded = vec![people[0]];
    assert_eq!(found(&report(&mut world, RuleCode::H14, &apart)), []);
    let broken = [(RuleCode::H14, Some(0), Some(0), Some(0))];
    assert_eq!(found(&report(&mut world, RuleCode::H14, &together)), broken);
    world.need_mut(posts[1]).excluded = vec![PersonIx(1)];
    assert_eq!(found(&report(&mut world, RuleCode::H14, &apart)), [(RuleCode::H14, Some(1), Some(1), Some(1))]);
}

#[test]
fn h15_pinned_duties_stay() {
    let mut world = World::new(7);
    let (_, duties) = world.at_work("Ann", &[0, 2]);
    world.problem.pins = vec![duties[1]];
    assert_eq!(found(&report(&mut world, RuleCode::H15, &duties[1..])), []);
    assert_eq!(found(&report(&mut world, RuleCode::H15, &duties[..1])), [(RuleCode::H15, Some(0), Some(1), Some(2))]);
}
