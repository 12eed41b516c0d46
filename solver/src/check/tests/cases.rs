use super::{found, report};
use crate::problem::{Duty, NeedIx, PersonIx, RuleCode, Settlement, UnitIx};
use crate::testing::World;

/// Two people of a street and three cases that each could work on Monday at nine and on Tuesday at nine.
fn office() -> (World, [PersonIx; 2], [Vec<NeedIx>; 3]) {
    let mut world = World::new(7);
    let people = [world.person("Ann"), world.person("Bob")];
    let cases = ["gas", "roof", "noise"].map(|name| {
        let case = world.case(name, &[(0, 9), (1, 9)]);
        world.case_mut(case).options.clone()
    });
    (world, people, cases)
}

fn settled(world: &mut World, code: RuleCode, duties: &[Duty]) -> (Vec<Settlement>, i64) {
    let report = report(world, code, duties);
    (report.settlements, report.score.rules.get(&code).copied().unwrap_or(0))
}

#[test]
fn h03_a_trainee_handles_no_case() {
    let (mut world, [ann, _], [gas, ..]) = office();
    world.person_mut(ann).trainee = true;
    let duties = [world.duty(ann, gas[0])];
    assert_eq!(found(&report(&mut world, RuleCode::H03, &duties)), [(RuleCode::H03, Some(0), Some(0), Some(0))]);
}

#[test]
fn h11_a_case_is_worked_once_by_one_person() {
    let (mut world, [ann, bob], [gas, roof, _]) = office();
    let once = [world.duty(ann, gas[0]), world.duty(bob, roof[0])];
    assert_eq!(found(&report(&mut world, RuleCode::H11, &once)), []);
    let by_two = [world.duty(ann, gas[0]), world.duty(bob, gas[1])];
    assert_eq!(found(&report(&mut world, RuleCode::H11, &by_two)), [(RuleCode::H11, None, Some(0), None)]);
    let twice = [world.duty(ann, gas[0]), world.duty(ann, gas[1])];
    assert_eq!(found(&report(&mut world, RuleCode::H11, &twice)), [(RuleCode::H11, None, Some(0), None)]);
}

#[test]
fn h14_excluded_people_handle_no_case() {
    let (mut world, [ann, _], [gas, ..]) = office();
    world.need_mut(gas[1]).excluded = vec![ann];
    let duties = [world.duty(ann, gas[1])];
    assert_eq!(found(&report(&mut world, RuleCode::H14, &duties)), [(RuleCode::H14, Some(0), Some(1), Some(1))]);
}

#[test]
fn s11_by_urgency_once_for_late_work_twice_for_none() {
    let (mut world, [ann, _], [gas, ..]) = office();
    world.problem.cases.truncate(1);
    world.problem.cases[0].urgency = 3;
    world.problem.cases[0].deadline = 1440;
    let (monday, tuesday) = (world.duty(ann, gas[0]), world.duty(ann, gas[1]));
    assert_eq!(settled(&mut world, RuleCode::S11, &[monday]), (vec![Settlement::Worked(gas[0])], 0));
    assert_eq!(settled(&mut world, RuleCode::S11, &[tuesday]), (vec![Settlement::Worked(gas[1])], 300));
    assert_eq!(settled(&mut world, RuleCode::S11, &[]), (vec![Settlement::Late], 600));
    // What is due after the horizon may wait; what is overdue is late even when it goes up or is explained.
    world.problem.cases[0].deadline = world.problem.end() + 1;
    assert_eq!(settled(&mut world, RuleCode::S11, &[]), (vec![Settlement::Waiting], 0));
    world.problem.cases[0].deadline = -1;
    world.problem.cases[0].explainable = true;
    assert_eq!(settled(&mut world, RuleCode::S11, &[]), (vec![Settlement::Explained], 300));
}

#[test]
fn s33_a_case_stays_with_its_earlier_handler() {
    let (mut world, [ann, bob], [gas, ..]) = office();
    world.problem.cases[0].earlier_handler = Some(ann);
    world.person_mut(ann).familiar_places = vec![crate::problem::PlaceIx(7)];
    let (by_ann, by_bob) = ([world.duty(ann, gas[0])], [world.duty(bob, gas[0])]);
    assert_eq!(settled(&mut world, RuleCode::S33, &by_ann).1, 0);
    assert_eq!(settled(&mut world, RuleCode::S33, &by_bob).1, 3);
}

#[test]
fn s35_what_saves_most_goes_up_as_far_as_there_is_room() {
    let (mut world, [ann, _], [gas, roof, noise]) = office();
    world.problem.cases[2].urgency = 2;
    world.problem.cases[1].explainable = true;
    world.district(World::STREET, 1);
    world.on(RuleCode::S11);
    let up = Settlement::Escalated(UnitIx(0));
    // Noise is the most urgent and goes up; the roof is explained; the gas is late.
    let report_of = |world: &mut World, duties: &[Duty]| {
        let report = report(world, RuleCode::S35, duties);
        (report.settlements.clone(), report.score.tiers)
    };
    assert_eq!(report_of(&mut world, &[]), (vec![Settlement::Late, Settlement::Explained, up], [200, 0, 20 + 30]));
    let gas_worked = [world.duty(ann, gas[0])];
    assert_eq!(
        report_of(&mut world, &gas_worked),
        (vec![Settlement::Worked(gas[0]), Settlement::Explained, up], [0, 0, 20 + 30])
    );
    let noise_worked = [world.duty(ann, noise[0])];
    assert_eq!(
        report_of(&mut world, &noise_worked),
        (vec![up, Settlement::Explained, Settlement::Worked(noise[0])], [0, 0, 20 + 30])
    );
    // A case that may wait costs one unit, less than going up.
    world.problem.cases[1].deadline = world.problem.end() + 1;
    let roof_waits = report_of(&mut world, &gas_worked).0;
    assert_eq!(roof_waits[1], Settlement::Waiting);
    assert_eq!(roof.len(), 2);
}
