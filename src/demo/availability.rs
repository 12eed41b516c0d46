//! When people can and would like to serve: weekly patterns, dated leave and wishes.

use chrono::Days;

use super::chance::Chance;
use super::demand::shift_type_id;
use super::network::{DAY_OPEN, EVENING_OPEN};
use super::{DemoCity, parsed};
use crate::domain::{Availability, AvailabilityId, AvailabilityKind, Category, Person};

/// Minute at which the working day of an employed volunteer ends.
const AFTER_WORK: u16 = 17 * 60 + 30;
/// Minute between the two halves of a day.
const NOON: u16 = 12 * 60 + 30;
const MIDNIGHT: u16 = 24 * 60;

pub(super) fn fill(city: &mut DemoCity, person: &Person, chance: &Chance) {
    let mut statements = Statements { city, person, number: 0 };
    if person.category == Category::Volunteer {
        statements.volunteer(chance);
    } else {
        statements.staff(chance);
    }
}

struct Statements<'a> {
    city: &'a mut DemoCity,
    person: &'a Person,
    number: u32,
}

impl Statements<'_> {
    fn add(
        &mut self,
        kind: AvailabilityKind,
        weekday: Option<u8>,
        (start_minute, end_minute): (u16, u16),
        weight: u16,
    ) {
        self.number += 1;
        self.city.availability.push(Availability {
            id: parsed(AvailabilityId::parse(&format!("{}-{}", self.person.id, self.number))),
            person: self.person.id.clone(),
            kind,
            weekday,
            from_date: None,
            to_date: None,
            start_minute,
            end_minute,
            shift_type: None,
            station: None,
            weight,
            reason: None,
            version: 1,
        });
    }

    /// Leave for some days around the planned week.
    fn leave(&mut self, chance: &Chance, reason: &str) {
        let first = self.city.week_start.checked_add_days(Days::new(u64::from(chance.below(6))));
        let last = first.and_then(|first| first.checked_add_days(Days::new(u64::from(chance.below(6)))));
        self.add(AvailabilityKind::Unavailable, None, (0, MIDNIGHT), 1);
        if let Some(statement) = self.city.availability.last_mut() {
            statement.from_date = first;
            statement.to_date = last;
            statement.reason = Some(reason.to_owned());
        }
    }

    /// Staff: leave, a weekly study or office half day, wishes about evenings and weekends.
    fn staff(&mut self, chance: &Chance) {
        if chance.percent(5) {
            self.leave(chance, if chance.percent(60) { "年休假" } else { "病假" });
        }
        if chance.percent(20) {
            let half = if chance.percent(50) { (0, NOON) } else { (NOON, AFTER_WORK) };
            self.add(AvailabilityKind::Unavailable, Some(weekday(chance, 5)), half, 1);
        }
        if chance.percent(30) {
            let day = weekday(chance, 5);
            self.add(AvailabilityKind::Undesired, Some(day), EVENING_OPEN, 1);
            if let Some(statement) = self.city.availability.last_mut() {
                statement.shift_type = Some(shift_type_id("evening"));
            }
        }
        if chance.percent(25) {
            self.add(AvailabilityKind::Undesired, Some(7), (0, MIDNIGHT), 2);
        }
        if chance.percent(15) {
            self.add(AvailabilityKind::Desired, Some(weekday(chance, 5)), DAY_OPEN, 1);
        }
    }

    /// Volunteers: two thirds work by day and give evenings and weekends, the others are retired and give half days.
    fn volunteer(&mut self, chance: &Chance) {
        let is_retired = chance.percent(35);
        for weekday in 1..=7_u8 {
            let free = Free::of_day(chance, is_retired, weekday > 5);
            for span in free.unavailable() {
                self.add(AvailabilityKind::Unavailable, Some(weekday), span, 1);
            }
        }
        if chance.percent(3) {
            self.leave(chance, "外出");
        }
        if chance.percent(15) {
            self.add(AvailabilityKind::Desired, Some(6), DAY_OPEN, 1);
        }
        if chance.percent(15) {
            self.add(AvailabilityKind::Undesired, Some(7), (0, MIDNIGHT), 1);
        }
    }
}

/// The three blocks of a day in which somebody is free.
struct Free([bool; 3]);

impl Free {
    fn of_day(chance: &Chance, is_retired: bool, is_weekend: bool) -> Self {
        let shares = match (is_retired, is_weekend) {
            (true, false) => [45, 40, 10],
            (true, true) => [25, 20, 5],
            (false, false) => [0, 0, 45],
            (false, true) => [45, 40, 15],
        };
        Self(shares.map(|share| chance.percent(share)))
    }

    /// The stretches of the day between free blocks, as long as possible.
    fn unavailable(&self) -> Vec<(u16, u16)> {
        let blocks = [(0, NOON), (NOON, AFTER_WORK), (AFTER_WORK, MIDNIGHT)];
        let mut spans: Vec<(u16, u16)> = Vec::new();
        for (free, (start, end)) in self.0.into_iter().zip(blocks) {
            match spans.last_mut() {
                _ if free => {}
                Some(last) if last.1 == start => last.1 = end,
                _ => spans.push((start, end)),
            }
        }
        spans
    }
}

/// A weekday, 1 Monday and up.
fn weekday(chance: &Chance, last: u32) -> u8 {
    u8::try_from(chance.between(1, last)).unwrap_or(1)
}
