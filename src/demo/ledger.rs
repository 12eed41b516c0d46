//! The ledger of the three weeks before the planned one, and the places people know from them.

use chrono::{Days, NaiveDateTime};

use super::DemoCity;
use super::chance::Chance;
use super::demand::shift_type_id;
use super::network::DAY_OPEN;
use crate::domain::expand::local_minute;
use crate::domain::{Category, LedgerWeek, Person};

/// Minutes of an ordinary half-day duty.
const HALF_DAY: u32 = 240;

pub(super) fn fill(city: &mut DemoCity, person: &Person, nearest: &[usize], chance: &Chance) {
    if person.newcomer {
        return;
    }
    let is_volunteer = person.category == Category::Volunteer;
    let mut totals = (chance.below(if is_volunteer { 30 } else { 300 }), chance.below(15));
    for back in (1..=3_u64).rev() {
        let Some(week_start) = city.week_start.checked_sub_days(Days::new(7 * back)) else { continue };
        let duties = if is_volunteer { chance.between(0, 2) } else { chance.between(4, 9) };
        // Four weeks allow only so many weekends: staff with one in the past keep room for another.
        let weekend_worked = duties > 0 && back > 1 && chance.percent(if is_volunteer { 35 } else { 25 });
        let worked_sunday = duties > 0 && back == 1 && chance.percent(8);
        totals = (totals.0 + duties, totals.1 + u32::from(weekend_worked || worked_sunday));
        if duties == 0 && back > 1 {
            continue;
        }
        let last_day = city.week_start.checked_sub_days(Days::new(7 * (back - 1) + 1));
        let last_duty_end: Option<NaiveDateTime> =
            last_day.filter(|_| worked_sunday).map(|sunday| local_minute(sunday, DAY_OPEN.1));
        city.ledger.push(LedgerWeek {
            person: person.id.clone(),
            week_start,
            minutes: duties * HALF_DAY,
            duties: small(duties),
            weekend_worked: weekend_worked || worked_sunday,
            unsocial_duties: small(u32::from(weekend_worked) + chance.below(2)),
            consecutive_days: small(if worked_sunday { chance.between(1, 2) } else { 0 }),
            consecutive_days_off: (!worked_sunday).then(|| small(chance.between(1, 2))),
            consecutive_days_of_type: u16::from(worked_sunday),
            last_shift_type: worked_sunday.then(|| shift_type_id("afternoon")),
            last_duty_end,
            total_duties: small(totals.0),
            total_weekends: small(totals.1),
            fairness_minutes: i32::try_from(chance.below(5)).unwrap_or(0) * 60 - 120,
            fairness_unsocial_duties: i32::try_from(chance.below(3)).unwrap_or(0) - 1,
        });
    }
    let known = if is_volunteer { chance.between(1, 2) } else { chance.between(2, 4) } as usize;
    let stations = nearest.iter().take(8).copied().collect::<Vec<_>>();
    for _ in 0..known {
        let Some(station) = chance.pick(&stations).and_then(|at| city.stations.get(*at)) else { continue };
        let pair = (person.id.clone(), station.id.clone());
        // A person's pairs stand together at the end of the list.
        if !city.familiar_places.iter().rev().take(known).any(|known| *known == pair) {
            city.familiar_places.push(pair);
        }
    }
}

fn small(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
