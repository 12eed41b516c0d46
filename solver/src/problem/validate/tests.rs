use super::*;
use crate::problem::{
    MINUTES_PER_DAY, NeedIx, PersonIx, PersonSkill, PlaceIx, Range, RuleCode, ShiftTypeIx, SkillIx, Tier, UnitIx, Wish,
    WishKind,
};
use crate::testing::{World, hours};

/// A valid problem with two people and two posts.
fn world() -> World {
    let mut world = World::with_catalogue(7);
    world.person("Ann");
    world.person("Bob");
    world.post(0, 8, 12);
    world.post(1, 8, 12);
    world
}

/// Code and pointer of each error after a change of the valid problem.
fn errors(change: impl FnOnce(&mut World)) -> Vec<(&'static str, String)> {
    let mut world = world();
    change(&mut world);
    let errors = validate(&world.problem);
    assert!(errors.iter().all(|error| !error.cause.is_empty() && !error.action.is_empty()));
    errors.into_iter().map(|error| (error.code, error.pointer)).collect()
}

fn one(code: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(code, pointer.to_owned())]
}

const ANN: PersonIx = PersonIx(0);
const FIRST: NeedIx = NeedIx(0);

#[test]
fn a_valid_problem_has_no_errors() {
    assert_eq!(errors(|_| {}), []);
}

#[test]
fn e1101_a_horizon_without_days() {
    let found = errors(|world| {
        world.problem.horizon.days = 0;
        world.problem.off_days.clear();
        world.problem.needs.clear();
    });
    assert_eq!(found, one("E1101", "/horizon/days"));
}

#[test]
fn e1102_off_days_that_do_not_fit_the_horizon() {
    assert_eq!(errors(|world| world.problem.off_days.truncate(6)), one("E1102", "/off_days"));
}

#[test]
fn e1103_references_to_nothing() {
    let skill = Some((SkillIx(0), 1));
    assert_eq!(errors(|world| world.need_mut(FIRST).place = PlaceIx(9)), one("E1103", "/needs/0/place"));
    assert_eq!(errors(|world| world.need_mut(FIRST).skill = skill), one("E1103", "/needs/0/skill"));
    assert_eq!(errors(|world| world.need_mut(FIRST).excluded = vec![PersonIx(2)]), one("E1103", "/needs/0/excluded/0"));
    let kind = Some(ShiftTypeIx(0));
    assert_eq!(errors(|world| world.post_mut(FIRST).shift_type = kind), one("E1103", "/needs/0/post/shift_type"));
    assert_eq!(errors(|world| world.problem.places[0].unit = UnitIx(1)), one("E1103", "/places/0/unit"));
    assert_eq!(errors(|world| world.problem.units[0].parent = Some(UnitIx(1))), one("E1103", "/units/0/parent"));
    assert_eq!(errors(|world| world.person_mut(ANN).scope.push(UnitIx(1))), one("E1103", "/people/0/scope"));
    assert_eq!(
        errors(|world| world.person_mut(ANN).contract.host = Some((UnitIx(1), 1))),
        one("E1103", "/people/0/contract/host")
    );
    assert_eq!(errors(|world| world.problem.apart.push((ANN, PersonIx(2)))), one("E1103", "/apart/0"));
    let pin = |world: &mut World| {
        let mut duty = world.duty(ANN, FIRST);
        duty.need = NeedIx(2);
        world.problem.pins.push(duty);
    };
    assert_eq!(errors(pin), one("E1103", "/pins/0/need"));
}

#[test]
fn e1104_units_before_their_parents_and_cycles() {
    let child_first = |world: &mut World| {
        let child = world.unit("child", World::STREET);
        world.problem.units[0].parent = Some(child);
    };
    assert_eq!(errors(child_first), one("E1104", "/units/0/parent"));
    assert_eq!(errors(|world| world.problem.units[0].parent = Some(UnitIx(0))), one("E1104", "/units/0/parent"));
}

#[test]
fn e1105_ids_that_stand_twice() {
    assert_eq!(errors(|world| world.problem.people[1].id = "Ann".into()), one("E1105", "/people/1/id"));
    assert_eq!(errors(|world| world.problem.needs[1].id = "post-0".into()), one("E1105", "/needs/1/id"));
}

#[test]
fn e1106_times_that_end_before_they_start() {
    assert_eq!(errors(|world| world.post_mut(FIRST).span = hours(0, 12, 12)), one("E1106", "/needs/0/post/span"));
    let leave = vec![hours(0, 12, 8)];
    assert_eq!(errors(|world| world.person_mut(ANN).unavailable = leave), one("E1106", "/people/0/unavailable/0"));
    let opening = Some(vec![hours(0, 12, 8)]);
    assert_eq!(errors(|world| world.problem.places[0].opening = opening), one("E1106", "/places/0/opening/0"));
}

#[test]
fn e1107_times_outside_the_horizon_or_out_of_reason() {
    assert_eq!(errors(|world| world.post_mut(FIRST).span = hours(7, 8, 12)), one("E1107", "/needs/0/post/span"));
    assert_eq!(errors(|world| world.post_mut(FIRST).span = hours(-1, 8, 12)), one("E1107", "/needs/0/post/span"));
    assert_eq!(errors(|world| world.post_mut(FIRST).span = hours(0, 0, 25)), one("E1107", "/needs/0/post/span"));
    let leave = vec![Span { start: i32::MIN, end: MINUTES_PER_DAY }];
    assert_eq!(errors(|world| world.person_mut(ANN).unavailable = leave), one("E1107", "/people/0/unavailable/0"));
}

#[test]
fn e1108_times_out_of_order() {
    let overlapping = vec![hours(0, 8, 12), hours(0, 11, 13)];
    let opening = Some(overlapping.clone());
    assert_eq!(errors(|world| world.problem.places[0].opening = opening), one("E1108", "/places/0/opening/1"));
    assert_eq!(
        errors(|world| world.person_mut(ANN).unavailable = overlapping),
        one("E1108", "/people/0/unavailable/1")
    );
}

#[test]
fn e1109_ranges_upside_down() {
    let range = Some(Range { min: 3, max: 2 });
    let contract = |world: &mut World| world.person_mut(ANN).contract.total_duties = range;
    assert_eq!(errors(contract), one("E1109", "/people/0/contract/total_duties"));
    let kind = |world: &mut World| {
        let kind = world.shift_type("night");
        world.problem.shift_types[kind.index()].consecutive_days = range;
    };
    assert_eq!(errors(kind), one("E1109", "/shift_types/0/consecutive_days"));
}

#[test]
fn e1110_covers_out_of_order() {
    assert_eq!(errors(|world| _ = world.cover(FIRST, 2, 1, 3)), one("E1110", "/needs/0/post/cover"));
    assert_eq!(errors(|world| _ = world.cover(FIRST, 1, 3, 2)), one("E1110", "/needs/0/post/cover"));
}

#[test]
fn e1111_negative_weights() {
    assert_eq!(errors(|world| _ = world.weight(RuleCode::S30, -1)), one("E1111", "/profile/rules/S30/weight"));
    let own = |world: &mut World| world.post_mut(FIRST).cover.weight_below_target = Some(-1);
    assert_eq!(errors(own), one("E1111", "/needs/0/post/cover/weight_below_target"));
}

#[test]
fn e1112_numbers_that_begin_at_1() {
    assert_eq!(errors(|world| world.need_mut(FIRST).priority = 0), one("E1112", "/needs/0/priority"));
    let level = |world: &mut World| {
        let skill = world.skill("law");
        world.need_mut(FIRST).skill = Some((skill, 0));
        world.person_mut(ANN).skills.push(PersonSkill { skill, level: 0, valid_until: None });
    };
    let both = [one("E1112", "/needs/0/skill"), one("E1112", "/people/0/skills/0/level")].concat();
    assert_eq!(errors(level), both);
    let wish = Wish { kind: WishKind::Want, span: hours(0, 8, 12), shift_type: None, place: None, weight: 0 };
    assert_eq!(errors(|world| world.person_mut(ANN).wishes.push(wish)), one("E1112", "/people/0/wishes/0/weight"));
}

#[test]
fn e1113_least_time_above_the_greatest() {
    // The catalogue's week has 2640 minutes.
    let week = |world: &mut World| world.person_mut(ANN).contract.min_minutes_week = 2641;
    assert_eq!(errors(week), one("E1113", "/people/0/contract/min_minutes_week"));
    let own = |world: &mut World| {
        world.person_mut(ANN).contract.min_minutes_week = 2641;
        world.person_mut(ANN).limits.max_minutes_week = Some(2641);
    };
    assert_eq!(errors(own), []);
    let host = |world: &mut World| world.person_mut(ANN).contract.host = Some((World::STREET, 2641));
    assert_eq!(errors(host), one("E1113", "/people/0/contract/host"));
    let horizon = |world: &mut World| {
        world.person_mut(ANN).limits.min_minutes_horizon = Some(2);
        world.person_mut(ANN).limits.max_minutes_horizon = Some(1);
    };
    assert_eq!(errors(horizon), one("E1113", "/people/0/limits/min_minutes_horizon"));
}

#[test]
fn e1114_service_that_ends_before_it_starts() {
    assert_eq!(errors(|world| world.person_mut(ANN).active_days = (3, 2)), one("E1114", "/people/0/active_days"));
}

#[test]
fn e1115_history_that_contradicts_itself() {
    let both = |world: &mut World| {
        world.person_mut(ANN).history.consecutive_days = 1;
        world.person_mut(ANN).history.consecutive_days_off = 1;
    };
    assert_eq!(errors(both), one("E1115", "/people/0/history"));
    let typeless = |world: &mut World| world.person_mut(ANN).history.consecutive_days_of_type = 1;
    assert_eq!(errors(typeless), one("E1115", "/people/0/history/last_shift_type"));
}

#[test]
fn e1116_a_pair_of_one() {
    assert_eq!(errors(|world| world.problem.apart.push((ANN, ANN))), one("E1116", "/apart/0"));
}

#[test]
fn e1117_tiers_that_rules_cannot_have() {
    let tier = |code: RuleCode, tier: Tier| {
        errors(|world| world.problem.profile.rules.entry(code).or_default().tier = Some(tier))
    };
    assert_eq!(tier(RuleCode::S30, Tier::Hard), one("E1117", "/profile/rules/S30/tier"));
    assert_eq!(tier(RuleCode::H01, Tier::Quality), one("E1117", "/profile/rules/H01/tier"));
    assert_eq!(tier(RuleCode::S30, Tier::Residents), []);
}

#[test]
fn e1118_parameters_unknown_or_out_of_limits() {
    let found = errors(|world| _ = world.parameter(RuleCode::H06, "rest", 60));
    assert_eq!(found, one("E1118", "/profile/rules/H06/parameters/rest"));
    let found = errors(|world| _ = world.parameter(RuleCode::H06, "min_rest_minutes", 2881));
    assert_eq!(found, one("E1118", "/profile/rules/H06/parameters/min_rest_minutes"));
}

#[test]
fn e1119_pins_cannot_be_turned_off() {
    assert_eq!(errors(|world| _ = world.off(RuleCode::H15)), one("E1119", "/profile/rules/H15/on"));
}

#[test]
fn e1120_assignments_that_stand_twice() {
    let twice = |world: &mut World| {
        let duty = world.duty(ANN, FIRST);
        world.problem.pins = vec![duty, duty];
        world.problem.published = vec![duty];
    };
    assert_eq!(errors(twice), one("E1120", "/pins/1"));
}

#[test]
fn e1121_pins_at_another_time_than_the_post() {
    let late = |world: &mut World| {
        let mut duty = world.duty(ANN, FIRST);
        duty.span.end += 60;
        world.problem.pins.push(duty);
    };
    assert_eq!(errors(late), one("E1121", "/pins/0/span"));
}
