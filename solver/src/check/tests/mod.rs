//! One feature test per rule code, on the smallest roster that can break it.

mod cases;
mod hard;
mod receptions;
mod soft;

use super::{Report, check};
use crate::problem::{DayOffset, Duty, NeedIx, PersonIx, RuleCode, Span};
use crate::testing::World;

/// The report when the only rules on are this one and H15.
fn report(world: &mut World, code: RuleCode, duties: &[Duty]) -> Report {
    world.on(code);
    check(&world.problem, duties)
}

/// Code, person, need and day of each broken place.
type Found = (RuleCode, Option<u32>, Option<u32>, Option<DayOffset>);

fn found(report: &Report) -> Vec<Found> {
    assert!(report.broken.iter().all(|broken| !broken.zh.is_empty() && !broken.en.is_empty()));
    let place =
        |broken: &super::Broken| (broken.code, broken.person.map(|ix| ix.0), broken.need.map(|ix| ix.0), broken.day);
    report.broken.iter().map(place).collect()
}

#[test]
fn an_empty_roster_without_needs_breaks_nothing() {
    let report = check(&World::new(7).problem, &[]);
    assert_eq!(report, Report::default());
}

#[test]
fn duties_of_unknown_people_and_needs_are_reported_and_left_out() {
    let mut world = World::new(7);
    let ann = world.person("Ann");
    let desk = world.post(0, 8, 12);
    let mut stranger = world.duty(ann, desk);
    stranger.person = PersonIx(5);
    let mut nowhere = world.duty(ann, desk);
    nowhere.need = NeedIx(5);
    let report = check(&world.problem, &[stranger, nowhere]);
    assert_eq!(found(&report), [(RuleCode::H02, None, None, Some(0)), (RuleCode::H12, Some(0), None, Some(0))]);
    assert!(!report.is_feasible());
}

#[test]
fn counts_sum_places_and_cost_per_rule() {
    let mut world = World::new(7);
    world.cover_of(&[(0, 2), (1, 1)]);
    let report = report(&mut world, RuleCode::S10, &[]);
    assert_eq!(report.counts().get(&RuleCode::S10), Some(&(2, 300)));
    assert_eq!(report.score.tiers, [300, 0, 0]);
}

#[test]
fn a_soft_rule_counts_in_the_tier_that_the_profile_says() {
    let mut world = World::new(7);
    world.cover_of(&[(0, 1)]);
    world.problem.profile.rules.entry(RuleCode::S10).or_default().tier = Some(crate::problem::Tier::Quality);
    assert_eq!(report(&mut world, RuleCode::S10, &[]).score.tiers, [0, 0, 100]);
}

#[test]
fn rules_that_are_off_are_not_looked_at() {
    let mut world = World::new(7);
    world.cover_of(&[(0, 1)]);
    let report = check(&world.problem, &[]);
    assert!(report.broken.is_empty() && report.score.rules.is_empty());
}

impl World {
    /// Posts from 08:00 to 12:00 by day and minimum.
    fn cover_of(&mut self, days: &[(DayOffset, u16)]) {
        for (day, heads) in days {
            let need = self.post(*day, 8, 12);
            self.cover(need, *heads, *heads, *heads);
        }
    }

    /// One person with a post on each of the days and a duty at each.
    fn at_work(&mut self, name: &str, days: &[DayOffset]) -> (PersonIx, Vec<Duty>) {
        let person = self.person(name);
        let posts = self.daily_posts(days.iter().copied());
        (person, self.duties(person, &posts))
    }
}

fn shifted(duty: Duty, minutes: i32) -> Duty {
    Duty { span: Span { start: duty.span.start + minutes, end: duty.span.end + minutes }, ..duty }
}
