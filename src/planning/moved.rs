//! A post whose place or time has changed under rosters in force: who serves there goes along where the rules allow it,
//! and is free otherwise. Both are told.

use std::collections::BTreeMap;

use super::generate::ends;
use super::judge::{Place, judge, part_of};
use super::notices::alert_open;
use super::publish::PersonChange;
use super::service::{At, heads_of, not_begun, remove, settle};
use crate::db::{Connection, DbResult, Tx, assignments, bulk, posts, schedules, stations, units};
use crate::domain::{Assignment, Post, Schedule, ScheduleId};

/// Brings rosters in force in step with a post that was `before` and has another station, date or time now, and answers
/// the duties that this changes, as they were. Duties that have begun stay as they are.
///
/// # Errors
/// Those of the connection; a conflict when a roster's week cannot be judged.
pub fn follow_post(tx: &mut Tx<'_>, before: &Post, at: At<'_>) -> DbResult<Vec<Assignment>> {
    let post = posts::get(tx, &before.id)?;
    let place = |post: &Post| (post.station.clone(), post.date, post.start_minute, post.end_minute);
    if place(&post) == place(before) {
        return Ok(Vec::new());
    }
    let mut rosters: BTreeMap<ScheduleId, Vec<Assignment>> = BTreeMap::new();
    for duty in assignments::in_force_at(tx, &post.id)? {
        if not_begun(&duty, at.now).is_ok() {
            rosters.entry(duty.schedule.clone()).or_default().push(duty);
        }
    }
    let changed: Vec<Assignment> = rosters.values().flatten().cloned().collect();
    for (id, duties) in rosters {
        let schedule = schedules::get(tx, &id)?;
        let changes = carry(tx, &schedule, before, &post, duties)?;
        let occurrence = format!("{}|{}", post.id, post.version);
        settle(tx, &schedule, &changes, "duty.moved", &occurrence, at)?;
    }
    let heads = heads_of(tx, std::slice::from_ref(&post))?.first().copied().unwrap_or(0);
    if !changed.is_empty() && heads < usize::from(post.min_heads) {
        alert_open(tx, &post, at.now, at.entropy)?;
    }
    Ok(changed)
}

/// Changes the duties at a moved post in one roster, and answers what changes for whom.
fn carry(
    tx: &mut Tx<'_>,
    schedule: &Schedule,
    before: &Post,
    post: &Post,
    duties: Vec<Assignment>,
) -> DbResult<Vec<PersonChange>> {
    let is_covered = covers(tx, schedule, post)?;
    let (first, last) = ends(schedule.week_start, schedule.days);
    let places = [stations::get(tx, &before.station)?.unit, stations::get(tx, &post.station)?.unit];
    let part = part_of(tx, schedule, &places)?;
    let others = bulk::published_within(tx, &part, first, last)?.into_iter().filter(|duty| duty.post != post.id);
    let mut roster: Vec<Place> = others.map(|duty| (duty.person, duty.post)).collect();
    let mut changes = Vec::new();
    for duty in duties {
        let join: Place = (duty.person.clone(), post.id.clone());
        let can_come = is_covered && judge(tx, schedule, &part, &roster, &[], std::slice::from_ref(&join))?.is_empty();
        let mut added = Vec::new();
        if can_come {
            roster.push(join);
            let moved = Assignment {
                station: post.station.clone(),
                date: post.date,
                start_minute: post.start_minute,
                end_minute: post.end_minute,
                ..duty.clone()
            };
            let version = assignments::update(tx, &moved)?;
            added.push(Assignment { version, ..moved });
        } else {
            remove(tx, &duty)?;
        }
        changes.push(PersonChange { person: duty.person.clone(), added, removed: vec![duty] });
    }
    Ok(changes)
}

/// Whether a schedule is still the one that plans a post.
fn covers(conn: &mut Connection, schedule: &Schedule, post: &Post) -> DbResult<bool> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let top = units::path(conn, &schedule.unit)?;
    let unit = stations::get(conn, &post.station)?.unit;
    Ok((first..=last).contains(&post.date) && units::path(conn, &unit)?.starts_with(&top))
}
