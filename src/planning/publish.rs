//! Putting a planned roster in force and taking it out again; what changes for whom.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};

use super::generate::ends;
use super::history::record_week;
use crate::db::{ConflictKind, Connection, DbError, DbResult, Tx, assignments, bulk, ledger, schedules};
use crate::domain::{Assignment, PersonId, Schedule, ScheduleId, ScheduleStatus};

/// What one person gains and loses between two rosters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// Who.
    pub person: PersonId,
    /// Duties that only the later roster has, by date and time.
    pub added: Vec<Assignment>,
    /// Duties that only the earlier roster has, by date and time.
    pub removed: Vec<Assignment>,
}

/// What tells one duty from another: a post that has moved to other times or another station is another duty to whoever
/// has to be there.
fn key(duty: &Assignment) -> (&PersonId, NaiveDate, u16, u16, &str, &str) {
    let (post, station) = (duty.post.as_str(), duty.station.as_str());
    (&duty.person, duty.date, duty.start_minute, duty.end_minute, post, station)
}

/// What changes for whom from one roster to another, by person; those for whom nothing changes are left out.
#[must_use]
pub fn diff(before: &[Assignment], after: &[Assignment]) -> Vec<PersonChange> {
    let had: BTreeSet<_> = before.iter().map(key).collect();
    let has: BTreeSet<_> = after.iter().map(key).collect();
    let mut changes: BTreeMap<PersonId, PersonChange> = BTreeMap::new();
    let mut change = |duty: &Assignment, is_added: bool| {
        let entry = changes.entry(duty.person.clone()).or_insert_with(|| PersonChange {
            person: duty.person.clone(),
            added: Vec::new(),
            removed: Vec::new(),
        });
        if is_added { &mut entry.added } else { &mut entry.removed }.push(duty.clone());
    };
    for duty in after.iter().filter(|duty| !had.contains(&key(duty))) {
        change(duty, true);
    }
    for duty in before.iter().filter(|duty| !has.contains(&key(duty))) {
        change(duty, false);
    }
    let mut changes: Vec<PersonChange> = changes.into_values().collect();
    for change in &mut changes {
        change.added.sort_by(|one, other| key(one).cmp(&key(other)));
        change.removed.sort_by(|one, other| key(one).cmp(&key(other)));
    }
    changes
}

/// What publishing a schedule would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The schedule in force that it would take the place of.
    pub replaces: Option<Schedule>,
    /// Who would be told of what.
    pub told: Vec<PersonChange>,
    /// Of these, duties that have begun: publishing is refused while there are any.
    pub begun: usize,
}

/// What publishing the schedule now would do.
///
/// # Errors
/// Those of the connection.
pub fn preview(conn: &mut Connection, schedule: &Schedule, now: DateTime<Utc>) -> DbResult<Publication> {
    let replaces = schedules::published(conn, &schedule.unit, schedule.week_start)?;
    let replaces = replaces.filter(|other| other.id != schedule.id);
    let after = assignments::of_schedule(conn, &schedule.id)?;
    let told = match &replaces {
        Some(before) => diff(&assignments::of_schedule(conn, &before.id)?, &after),
        // A roster in force changes nothing any more; the first one tells everybody.
        None if schedule.status == ScheduleStatus::Published => Vec::new(),
        None => diff(&[], &after),
    };
    // Without a roster in force, nothing is rewritten.
    let begun = if replaces.is_some() { begun(&told, now) } else { 0 };
    Ok(Publication { replaces, told, begun })
}

/// Changes to duties that have begun by now.
fn begun(changes: &[PersonChange], now: DateTime<Utc>) -> usize {
    let local = now.with_timezone(&chrono_tz::Asia::Shanghai);
    let (today, minute) = (local.date_naive(), local.hour() * 60 + local.minute());
    let has_begun =
        |duty: &&Assignment| duty.date < today || duty.date == today && u32::from(duty.start_minute) <= minute;
    changes.iter().flat_map(|change| change.added.iter().chain(&change.removed)).filter(has_begun).count()
}

fn past(count: usize) -> DbError {
    DbError::Conflict {
        kind: "schedule",
        reason: ConflictKind::Past,
        detail: format!(
            "{count} changes concern duties that have begun; plan the rest of the week so that these stay as they are"
        ),
    }
}

/// Puts a planned schedule in force, in place of the published one of the same unit and week, and records its week in
/// the ledger of past weeks, in the caller's transaction.
///
/// # Errors
/// Those of [`schedules::publish`]; [`ConflictKind::Past`] when it would change duties that have begun.
pub fn publish(tx: &mut Tx<'_>, id: &ScheduleId, version: i64, now: DateTime<Utc>) -> DbResult<Schedule> {
    let schedule = schedules::get(tx, id)?;
    let begun = preview(tx, &schedule, now)?.begun;
    let published = schedules::publish(tx, id, version, now)?;
    if begun > 0 {
        return Err(past(begun));
    }
    record_week(tx, &published)?;
    Ok(published)
}

/// Takes a schedule out of force and puts the one before, if any, back; the ledger follows. Answers the schedule and the
/// one that is in force now.
///
/// # Errors
/// Those of [`schedules::withdraw`]; [`ConflictKind::Past`] when it would change duties that have begun.
pub fn withdraw(
    tx: &mut Tx<'_>,
    id: &ScheduleId,
    version: i64,
    now: DateTime<Utc>,
) -> DbResult<(Schedule, Option<Schedule>)> {
    let (schedule, restored) = schedules::withdraw(tx, id, version)?;
    let before = assignments::of_schedule(tx, id)?;
    let after = match &restored {
        Some(restored) => assignments::of_schedule(tx, &restored.id)?,
        None => Vec::new(),
    };
    let begun = begun(&diff(&before, &after), now);
    if begun > 0 {
        return Err(past(begun));
    }
    match &restored {
        Some(restored) => drop(record_week(tx, restored)?),
        None => {
            let (first, last) = ends(schedule.week_start, schedule.days);
            let people = bulk::people_serving(tx, &schedule.unit, first, last)?;
            let ids: Vec<PersonId> = people.into_iter().map(|person| person.id).collect();
            ledger::delete_week(tx, &ids, schedule.week_start)?;
        }
    }
    Ok((schedule, restored))
}
