use super::report;
use crate::problem::{Category, Duty, PersonIx, Point, Range, RuleCode, Wish, WishKind};
use crate::testing::{World, hours};

/// Cost of the only soft rule that is on; the tier's value must be the same.
fn cost(world: &mut World, code: RuleCode, duties: &[Duty]) -> i64 {
    let report = report(world, code, duties);
    assert!(report.broken.iter().all(|broken| broken.code == code && !broken.en.is_empty()));
    let tier = usize::from(code.info().tier.number()) - 1;
    let mut tiers = [0; 3];
    tiers[tier] = report.score.rules[&code];
    assert_eq!(report.score.tiers, tiers);
    assert_eq!(report.broken.iter().map(|broken| broken.cost).sum::<i64>(), tiers[tier]);
    tiers[tier]
}

#[test]
fn s10_missing_heads_by_priority_without_trainees() {
    let mut world = World::new(7);
    let desk = world.post(0, 8, 12);
    world.cover(desk, 2, 3, 4);
    world.need_mut(desk).priority = 3;
    let people = [world.person("Ann"), world.person_with("Bob", |person| person.trainee = true), world.person("Cid")];
    let duties = people.map(|person| world.duty(person, desk));
    assert_eq!(cost(&mut world, RuleCode::S10, &[]), 600);
    assert_eq!(cost(&mut world, RuleCode::S10, &duties[..2]), 300);
    assert_eq!(cost(&mut world, RuleCode::S10, &duties), 0);
}

#[test]
fn s20_minutes_short_of_each_week() {
    let mut world = World::new(10);
    // The second week has three of seven days: 700 * 3 / 7 = 300 minutes.
    let (ann, duties) = world.at_work("Ann", &[0, 1, 8]);
    world.person_mut(ann).contract.min_minutes_week = 700;
    assert_eq!(cost(&mut world, RuleCode::S20, &duties), (700 - 480) + (300 - 240));
    world.person_mut(ann).contract.min_minutes_week = 701;
    assert_eq!(cost(&mut world, RuleCode::S20, &duties), (701 - 480) + (300 - 240));
}

#[test]
fn s20_minutes_short_at_the_host() {
    let mut world = World::new(7);
    let host = world.unit("host", World::STREET);
    let desk = world.place("desk", host);
    let (ann, duties) = world.at_work("Ann", &[0, 1]);
    world.need_mut(duties[1].need).place = desk;
    world.person_mut(ann).contract.host = Some((host, 300));
    assert_eq!(cost(&mut world, RuleCode::S20, &duties), 60);
    world.person_mut(ann).contract.host = Some((World::STREET, 300));
    assert_eq!(cost(&mut world, RuleCode::S20, &duties), 0);
}

#[test]
fn s22_heads_between_minimum_and_target() {
    let mut world = World::new(7);
    let desk = world.post(0, 8, 12);
    world.cover(desk, 1, 3, 4);
    world.need_mut(desk).priority = 2;
    let people = [world.person("Ann"), world.person("Bob"), world.person("Cid"), world.person("Dan")];
    let duties = people.map(|person| world.duty(person, desk));
    // Without anybody the head below the minimum is S10's.
    assert_eq!(cost(&mut world, RuleCode::S22, &[]), 2 * 120);
    assert_eq!(cost(&mut world, RuleCode::S22, &duties[..1]), 2 * 120);
    assert_eq!(cost(&mut world, RuleCode::S22, &duties[..2]), 120);
    assert_eq!(cost(&mut world, RuleCode::S22, &duties), 0);
    world.post_mut(desk).cover.weight_below_target = Some(7);
    assert_eq!(cost(&mut world, RuleCode::S22, &duties[..1]), 14);
}

#[test]
fn s23_staff_beside_volunteers_and_newcomers_never_alone() {
    let mut world = World::new(7);
    let desk = world.post(0, 8, 12);
    world.cover(desk, 1, 1, 3);
    let staff = world.person("Ann");
    let volunteer = world.person_with("Bob", |person| person.category = Category::Volunteer);
    let newcomer = world.person_with("Cid", |person| person.newcomer = true);
    let at = |world: &World, people: &[PersonIx]| -> Vec<Duty> {
        people.iter().map(|person| world.duty(*person, desk)).collect()
    };
    let (alone, beside) = (at(&world, &[volunteer]), at(&world, &[volunteer, staff]));
    assert_eq!(cost(&mut world, RuleCode::S23, &alone), 0);
    world.post_mut(desk).mix = true;
    assert_eq!(cost(&mut world, RuleCode::S23, &alone), 60);
    assert_eq!(cost(&mut world, RuleCode::S23, &beside), 0);
    assert_eq!(cost(&mut world, RuleCode::S23, &[]), 0);
    let (lone, paired) = (at(&world, &[newcomer]), at(&world, &[newcomer, staff]));
    assert_eq!(cost(&mut world, RuleCode::S23, &lone), 60);
    assert_eq!(cost(&mut world, RuleCode::S23, &paired), 0);
}

#[test]
fn s24_heads_above_the_target() {
    let mut world = World::new(7);
    let desk = world.post(0, 8, 12);
    world.cover(desk, 0, 1, 4);
    let people = [world.person("Ann"), world.person("Bob"), world.person("Cid")];
    let duties = people.map(|person| world.duty(person, desk));
    world.weight(RuleCode::S24, 5);
    assert_eq!(cost(&mut world, RuleCode::S24, &duties[..1]), 0);
    assert_eq!(cost(&mut world, RuleCode::S24, &duties), 10);
    world.post_mut(desk).cover.weight_above_target = Some(7);
    assert_eq!(cost(&mut world, RuleCode::S24, &duties), 14);
}

#[test]
fn s30_wishes_for_and_against_work() {
    let mut world = World::new(7);
    let night = world.shift_type("night");
    let (ann, mut duties) = world.at_work("Ann", &[0, 0, 1]);
    let wish = |kind, span, shift_type, place| Wish { kind, span, shift_type, place, weight: 2 };
    // Both duties of day 0 are unwanted; no night on day 0 is given.
    world.person_mut(ann).wishes = vec![
        wish(WishKind::Avoid, hours(0, 0, 24), None, None),
        wish(WishKind::Avoid, hours(0, 0, 24), Some(night), None),
        wish(WishKind::Avoid, hours(1, 12, 24), None, None),
        wish(WishKind::Want, hours(1, 0, 24), None, Some(World::STATION)),
    ];
    assert_eq!(cost(&mut world, RuleCode::S30, &duties), 2 * 20);
    // Now the wish for work on day 1 is not met.
    duties.pop();
    assert_eq!(cost(&mut world, RuleCode::S30, &duties), 2 * 20 + 20);
    world.post_mut(duties[0].need).shift_type = Some(night);
    assert_eq!(cost(&mut world, RuleCode::S30, &duties), 3 * 20 + 20);
}

#[test]
fn s31_the_most_unsocial_duties_of_comparable_people() {
    let mut world = World::new(7);
    let posts = [world.post(0, 14, 19), world.post(0, 14, 18), world.post(5, 8, 12), world.post(6, 8, 12)];
    let (ann, bob) = (world.person("Ann"), world.person("Bob"));
    // Ann: an evening and a Saturday; Bob: a Sunday.
    let mut duties = world.duties(ann, &posts[..3]);
    duties.push(world.duty(bob, posts[3]));
    assert_eq!(cost(&mut world, RuleCode::S31, &duties), 2 * 5);
    world.person_mut(bob).history.fairness_unsocial_duties = 2;
    assert_eq!(cost(&mut world, RuleCode::S31, &duties), 3 * 5);
    // Of another category, Bob is compared with nobody.
    world.person_mut(bob).category = Category::Volunteer;
    assert_eq!(cost(&mut world, RuleCode::S31, &duties), (2 + 3) * 5);
    // A credit does not make a cost negative.
    world.person_mut(bob).history.fairness_unsocial_duties = -9;
    assert_eq!(cost(&mut world, RuleCode::S31, &duties), 2 * 5);
    // A weekday that is a holiday counts like a weekend.
    world.problem.off_days[0] = true;
    assert_eq!(cost(&mut world, RuleCode::S31, &duties), 3 * 5);
}

#[test]
fn s32_whole_units_from_home_and_between_places() {
    let mut world = World::new(7);
    let far = world.place("far", World::STREET);
    world.locate(World::STATION, 999).locate(far, 2_100);
    let (ann, duties) = world.at_work("Ann", &[0, 0, 1]);
    for duty in &duties[1..] {
        world.need_mut(duty.need).place = far;
    }
    // Between the two places of day 0: 1101 metres. Without a home only that counts.
    assert_eq!(cost(&mut world, RuleCode::S32, &duties), 2);
    world.person_mut(ann).home = Some(Point { east_metres: 0, north_metres: 0 });
    assert_eq!(cost(&mut world, RuleCode::S32, &duties), 1 + (4 + 2) + 4);
    world.parameter(RuleCode::S32, "unit_metres", 1000);
    assert_eq!(cost(&mut world, RuleCode::S32, &duties), (2 + 1) + 2);
}

#[test]
fn s33_duties_at_unfamiliar_places() {
    let mut world = World::new(7);
    let other = world.place("other", World::STREET);
    let (ann, duties) = world.at_work("Ann", &[0, 1]);
    assert_eq!(cost(&mut world, RuleCode::S33, &duties), 0);
    world.person_mut(ann).familiar_places = vec![other];
    assert_eq!(cost(&mut world, RuleCode::S33, &duties), 2 * 3);
    world.need_mut(duties[0].need).place = other;
    assert_eq!(cost(&mut world, RuleCode::S33, &duties), 3);
}

#[test]
fn s34_differences_from_the_published_roster() {
    let mut world = World::new(7);
    let (_, duties) = world.at_work("Ann", &[0, 1, 2]);
    assert_eq!(cost(&mut world, RuleCode::S34, &duties), 0);
    world.problem.published = duties[..2].to_vec();
    assert_eq!(cost(&mut world, RuleCode::S34, &duties[..2]), 0);
    // One dropped, one added.
    assert_eq!(cost(&mut world, RuleCode::S34, &duties[1..]), 2 * 5);
}

#[test]
fn s37_runs_on_one_shift_type() {
    let mut world = World::new(7);
    let night = world.shift_type("night");
    world.problem.shift_types[night.index()].consecutive_days = Some(Range { min: 2, max: 3 });
    let (ann, duties) = world.at_work("Ann", &[0, 1, 3, 6]);
    for duty in &duties {
        world.post_mut(duty.need).shift_type = Some(night);
    }
    // Day 3 is alone; day 6 is open.
    assert_eq!(cost(&mut world, RuleCode::S37, &duties), 15);
    // With two nights before, day 1 is the fourth.
    world.person_mut(ann).history.last_shift_type = Some(night);
    world.person_mut(ann).history.consecutive_days_of_type = 2;
    assert_eq!(cost(&mut world, RuleCode::S37, &duties), 2 * 15);
    // With nine, days 0 and 1 are above; the days of history are not charged again.
    world.person_mut(ann).history.consecutive_days_of_type = 9;
    assert_eq!(cost(&mut world, RuleCode::S37, &duties), 3 * 15);
    // A run of history that day 0 ends.
    world.person_mut(ann).history.consecutive_days_of_type = 1;
    assert_eq!(cost(&mut world, RuleCode::S37, &[]), 15);
    // With an unknown history, the run at the beginning may be longer than it looks.
    world.person_mut(ann).history = crate::problem::History { consecutive_days_off: u16::MAX, ..Default::default() };
    assert_eq!(cost(&mut world, RuleCode::S37, &duties[1..]), 2 * 15);
    assert_eq!(cost(&mut world, RuleCode::S37, &duties[..1]), 0);
}

#[test]
fn s38_runs_of_working_days_and_days_off() {
    let mut world = World::new(7);
    // Work 0-2, off 3, work 4, off 5-6.
    let (ann, duties) = world.at_work("Ann", &[0, 1, 2, 4]);
    world.parameter(RuleCode::S38, "work_factor", 10).parameter(RuleCode::S38, "off_factor", 100);
    world.person_mut(ann).contract.consecutive_days = Some(Range { min: 2, max: 2 });
    world.person_mut(ann).contract.consecutive_days_off = Some(Range { min: 2, max: 3 });
    // Day 2 too long, day 4 alone; day 3 off alone.
    assert_eq!(cost(&mut world, RuleCode::S38, &duties), 2 * 10 + 100);
    // A day of work before: days 1 and 2 are too long.
    world.person_mut(ann).history.consecutive_days = 1;
    assert_eq!(cost(&mut world, RuleCode::S38, &duties), 3 * 10 + 100);
    // Three days off before, ended by day 0, cost nothing; seven more in the horizon are too many.
    world.person_mut(ann).history.consecutive_days = 0;
    world.person_mut(ann).history.consecutive_days_off = 3;
    assert_eq!(cost(&mut world, RuleCode::S38, &duties), 2 * 10 + 100);
    assert_eq!(cost(&mut world, RuleCode::S38, &[]), 7 * 100);
    // Nothing is known of a new person: seven days off are four too many.
    world.person_mut(ann).history.consecutive_days_off = u16::MAX;
    assert_eq!(cost(&mut world, RuleCode::S38, &[]), 4 * 100);
}

#[test]
fn s39_totals_of_the_contract_period() {
    let mut world = World::new(14);
    let (ann, duties) = world.at_work("Ann", &[0, 5, 6, 13]);
    world.person_mut(ann).contract.total_duties = Some(Range { min: 6, max: 8 });
    world.person_mut(ann).contract.max_total_weekends = Some(2);
    assert_eq!(cost(&mut world, RuleCode::S39, &duties), 2 * 20);
    world.person_mut(ann).history.total_duties = 5;
    assert_eq!(cost(&mut world, RuleCode::S39, &duties), 20);
    world.person_mut(ann).history.total_weekends = 1;
    assert_eq!(cost(&mut world, RuleCode::S39, &duties), 20 + 30);
}

#[test]
fn s40_weekends_whole_or_not_at_all() {
    let mut world = World::new(14);
    let (ann, duties) = world.at_work("Ann", &[5, 6, 13]);
    assert_eq!(cost(&mut world, RuleCode::S40, &duties), 0);
    world.person_mut(ann).contract.complete_weekends = true;
    assert_eq!(cost(&mut world, RuleCode::S40, &duties), 30);
    assert_eq!(cost(&mut world, RuleCode::S40, &duties[..2]), 0);
}
