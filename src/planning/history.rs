//! What a published week leaves in the ledger, so that later weeks count it.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::generate::ends;
use crate::db::{DbResult, Tx, bulk, ledger, posts, units};
use crate::domain::expand::{DatedDay, dated_days, local_minute};
use crate::domain::{
    Assignment, Category, LedgerWeek, Person, PersonId, Schedule, ShiftTypeId, StationId, Unit, UnitId, UnitLevel,
};

/// Minute of the day from which a duty's end counts as evening, as in rule S31's default.
const EVENING_FROM_MINUTE: u16 = 1080;

/// Records the week of a schedule that has just been published: the ledger of everybody who may serve there, and the
/// places that they know now. Recording a week again replaces it. Schedules of other lengths than a week leave nothing.
///
/// # Errors
/// Those of the connection.
pub fn record_week(tx: &mut Tx<'_>, schedule: &Schedule) -> DbResult<usize> {
    if schedule.days != 7 {
        return Ok(0);
    }
    let (first, last) = ends(schedule.week_start, schedule.days);
    let people = bulk::people_serving(tx, &schedule.unit, first, last)?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id.clone()).collect();
    let duties = bulk::published_of(tx, &ids, first, last)?;
    let week_before = first.checked_sub_days(Days::new(7)).unwrap_or(first);
    let before = bulk::ledger(tx, &ids, week_before, first)?;
    let days = dated_days(&bulk::calendars(tx, first.year()..=last.year())?, first, 7);
    let types: HashMap<String, ShiftTypeId> = posts::within(tx, &schedule.unit, first, last)?
        .into_iter()
        .filter_map(|post| Some((post.id.to_string(), post.shift_type?)))
        .collect();

    let before: HashMap<&PersonId, &LedgerWeek> = before.iter().map(|week| (&week.person, week)).collect();
    let mut by_person: HashMap<&PersonId, Vec<&Assignment>> = HashMap::new();
    for duty in &duties {
        by_person.entry(&duty.person).or_default().push(duty);
    }
    let mut weeks: Vec<LedgerWeek> = people
        .iter()
        .map(|person| {
            let own = by_person.get(&person.id).map_or(&[][..], Vec::as_slice);
            week_of(&person.id, own, &days, &types, before.get(&person.id).copied())
        })
        .collect();
    share(&mut weeks, &people, &units::all(tx)?);
    ledger::put_many(tx, &weeks)?;
    let mut places: Vec<(PersonId, StationId)> =
        duties.iter().map(|duty| (duty.person.clone(), duty.station.clone())).collect();
    places.sort();
    places.dedup();
    ledger::add_familiar_places(tx, &places)?;
    Ok(weeks.len())
}

/// Records again the weeks of some people whose duties in a schedule in force have changed; what is fair stays measured
/// against the same mean.
///
/// # Errors
/// Those of the connection.
pub fn record_people(tx: &mut Tx<'_>, schedule: &Schedule, people: &[PersonId]) -> DbResult<()> {
    if schedule.days != 7 {
        return Ok(());
    }
    let (first, last) = ends(schedule.week_start, schedule.days);
    let duties = bulk::published_of(tx, people, first, last)?;
    let week_before = first.checked_sub_days(Days::new(7)).unwrap_or(first);
    let known = bulk::ledger(tx, people, week_before, last)?;
    let days = dated_days(&bulk::calendars(tx, first.year()..=last.year())?, first, 7);
    let mut types = HashMap::new();
    for duty in &duties {
        if let Some(kind) = posts::get(tx, &duty.post)?.shift_type {
            types.insert(duty.post.to_string(), kind);
        }
    }
    let mut weeks = Vec::new();
    for person in people {
        let of_week = |monday| known.iter().find(|week| week.person == *person && week.week_start == monday);
        let own: Vec<&Assignment> = duties.iter().filter(|duty| duty.person == *person).collect();
        let mut week = week_of(person, &own, &days, &types, of_week(week_before));
        if let Some(old) = of_week(first) {
            let more = |new: i64, old: i64| i32::try_from(new - old).unwrap_or(0);
            week.fairness_minutes =
                old.fairness_minutes.saturating_add(more(i64::from(week.minutes), i64::from(old.minutes)));
            week.fairness_unsocial_duties = old
                .fairness_unsocial_duties
                .saturating_add(more(i64::from(week.unsocial_duties), i64::from(old.unsocial_duties)));
        }
        weeks.push(week);
    }
    ledger::put_many(tx, &weeks)?;
    let places: Vec<(PersonId, StationId)> =
        duties.iter().map(|duty| (duty.person.clone(), duty.station.clone())).collect();
    ledger::add_familiar_places(tx, &places)
}

/// One person's week; fairness still carries only what was there before.
fn week_of(
    person: &PersonId,
    duties: &[&Assignment],
    days: &[DatedDay],
    types: &HashMap<String, ShiftTypeId>,
    before: Option<&LedgerWeek>,
) -> LedgerWeek {
    let on = |date: NaiveDate| duties.iter().filter(move |duty| duty.date == date);
    let worked: Vec<bool> = days.iter().map(|day| on(day.date).next().is_some()).collect();
    let run = |state: bool| worked.iter().rev().take_while(|worked| **worked == state).count();
    let (at_work, off) = (count(run(true)), count(run(false)));
    let whole_week = count(days.len());
    let is_weekend = |date: NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let is_off = |date: NaiveDate| days.iter().any(|day| day.date == date && day.is_off);
    let type_of = |date: NaiveDate| on(date).next_back().and_then(|duty| types.get(duty.post.as_str()));
    let last_type = days.last().and_then(|day| type_of(day.date));
    let same_type = days.iter().rev().take_while(|day| last_type.is_some() && type_of(day.date) == last_type).count();
    let carried = |run: u16, former: u16| if run == whole_week { run.saturating_add(former) } else { run };
    let weekend_worked = duties.iter().any(|duty| is_weekend(duty.date));
    let unsocial = duties
        .iter()
        .filter(|duty| duty.end_minute > EVENING_FROM_MINUTE || is_weekend(duty.date) || is_off(duty.date))
        .count();
    LedgerWeek {
        person: person.clone(),
        week_start: days.first().map_or(NaiveDate::MIN, |day| day.date),
        minutes: duties.iter().map(|duty| u32::from(duty.end_minute.saturating_sub(duty.start_minute))).sum(),
        duties: count(duties.len()),
        weekend_worked,
        unsocial_duties: count(unsocial),
        consecutive_days: carried(at_work, before.map_or(0, |week| week.consecutive_days)),
        // Off all week with an unknown past: how long is unknown still.
        consecutive_days_off: if off == whole_week {
            before.and_then(|week| week.consecutive_days_off).map(|former| off.saturating_add(former))
        } else {
            Some(off)
        },
        consecutive_days_of_type: carried(
            count(same_type),
            before
                .filter(|week| week.last_shift_type.as_ref() == last_type)
                .map_or(0, |week| week.consecutive_days_of_type),
        ),
        last_shift_type: last_type.cloned(),
        last_duty_end: duties
            .iter()
            .map(|duty| local_minute(duty.date, duty.end_minute))
            .max()
            .or_else(|| before.and_then(|week| week.last_duty_end)),
        total_duties: before.map_or(0, |week| week.total_duties).saturating_add(count(duties.len())),
        total_weekends: before.map_or(0, |week| week.total_weekends).saturating_add(u16::from(weekend_worked)),
        fairness_minutes: before.map_or(0, |week| week.fairness_minutes),
        fairness_unsocial_duties: before.map_or(0, |week| week.fairness_unsocial_duties),
    }
}

fn count(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// Adds to each person's fairness what lies above or below the mean of comparable people: same home street, same
/// category.
fn share(weeks: &mut [LedgerWeek], people: &[Person], all: &[Unit]) {
    let by_id: HashMap<&UnitId, &Unit> = all.iter().map(|unit| (&unit.id, unit)).collect();
    let street = |home: &UnitId| {
        let mut at = by_id.get(home).copied();
        while let Some(unit) = at {
            if unit.level == UnitLevel::Street {
                break;
            }
            at = unit.parent.as_ref().and_then(|parent| by_id.get(parent).copied());
        }
        at.map(|unit| unit.id.clone())
    };
    let mut groups: BTreeMap<(Option<UnitId>, Category), Vec<usize>> = BTreeMap::new();
    for (position, person) in people.iter().enumerate() {
        groups.entry((street(&person.home_unit), person.category)).or_default().push(position);
    }
    for members in groups.values() {
        let size = i64::try_from(members.len()).unwrap_or(1).max(1);
        let sum = |value: fn(&LedgerWeek) -> i64| -> i64 {
            members.iter().filter_map(|position| weeks.get(*position)).map(value).sum()
        };
        let minutes = sum(|week| i64::from(week.minutes)) / size;
        let unsocial = sum(|week| i64::from(week.unsocial_duties)) / size;
        for position in members {
            let Some(week) = weeks.get_mut(*position) else { continue };
            let above = |own: i64, mean: i64| i32::try_from(own - mean).unwrap_or(0);
            week.fairness_minutes = week.fairness_minutes.saturating_add(above(i64::from(week.minutes), minutes));
            week.fairness_unsocial_duties =
                week.fairness_unsocial_duties.saturating_add(above(i64::from(week.unsocial_duties), unsocial));
        }
    }
}
