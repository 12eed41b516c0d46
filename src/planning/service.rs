//! Declining, claiming and exchanging duties of a roster in force. Each change is judged by the rules first, recorded as
//! an event that planning again has to know of, and told to whom it concerns.

use chrono::{DateTime, Utc};

use super::follow::follow;
use super::history::record_people;
use super::judge::{Place, judge, part_of};
use super::notices::{News, alert_open};
use super::publish::PersonChange;
use crate::db::{
    ConflictKind, Connection, DbError, DbResult, Tx, assignments, availability, bulk, posts, replan_events, schedules,
    stations,
};
use crate::domain::expand::local_minute;
use crate::domain::{
    Assignment, AssignmentSource, Availability, AvailabilityId, AvailabilityKind, Entropy, PersonId, Post, PostId,
    ReplanEvent, ReplanEventId, ReplanKind, Schedule, ScheduleId, ScheduleStatus, StationId, Swap, local,
};
use crate::planning::generate::ends;

/// Time and chance of a change.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// Now.
    pub now: DateTime<Utc>,
    /// Makes ids.
    pub entropy: &'a dyn Entropy,
}

/// A duty in force that has not begun, and its schedule.
///
/// # Errors
/// [`DbError::NotFound`] when the assignment is not in force or not the person's, [`ConflictKind::Time`] once it has begun.
pub fn own_duty(
    conn: &mut Connection,
    person: &PersonId,
    schedule: &ScheduleId,
    seq: i64,
    now: DateTime<Utc>,
) -> DbResult<(Schedule, Assignment)> {
    let (schedule, duty) = own_assignment(conn, person, schedule, seq)?;
    not_begun(&duty, now)?;
    Ok((schedule, duty))
}

/// As [`own_duty`], begun or not.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn own_assignment(
    conn: &mut Connection,
    person: &PersonId,
    schedule: &ScheduleId,
    seq: i64,
) -> DbResult<(Schedule, Assignment)> {
    let missing = || DbError::NotFound { kind: "assignment", id: format!("{schedule}/{seq}") };
    let stored = schedules::get(conn, schedule).map_err(|_| missing())?;
    let duty = assignments::get(conn, schedule, seq)?;
    if stored.status != ScheduleStatus::Published || duty.person != *person {
        return Err(missing());
    }
    Ok((stored, duty))
}

pub(super) fn not_begun(duty: &Assignment, now: DateTime<Utc>) -> DbResult<()> {
    if local_minute(duty.date, duty.start_minute) > local(now) {
        return Ok(());
    }
    Err(DbError::conflict("assignment", ConflictKind::Time, "the duty has begun; ask the coordinator"))
}

/// Takes a duty off a person who declines it, marks its time as unavailable, and alerts when it is close.
///
/// # Errors
/// Those of [`own_duty`].
pub fn decline(
    tx: &mut Tx<'_>,
    person: &PersonId,
    schedule: &ScheduleId,
    seq: i64,
    reason: &str,
    at: At<'_>,
) -> DbResult<ReplanEvent> {
    let (schedule, duty) = own_duty(tx, person, schedule, seq, at.now)?;
    remove(tx, &duty)?;
    let away = Availability {
        id: AvailabilityId::fresh(at.now, at.entropy),
        person: person.clone(),
        kind: AvailabilityKind::Unavailable,
        weekday: None,
        from_date: Some(duty.date),
        to_date: Some(duty.date),
        start_minute: duty.start_minute,
        end_minute: duty.end_minute,
        shift_type: None,
        station: None,
        weight: 1,
        reason: Some(reason.to_owned()),
        version: 1,
    };
    availability::insert(tx, &away)?;
    let event = happened(tx, ReplanKind::Decline, &duty, person, Some(reason), at)?;
    let change = PersonChange { person: person.clone(), added: Vec::new(), removed: vec![duty.clone()] };
    settle(tx, &schedule, &[change], "duty.declined", event.id.as_str(), at)?;
    let post = posts::get(tx, &duty.post)?;
    let left = heads_of(tx, std::slice::from_ref(&post))?.first().copied().unwrap_or(0);
    if left < usize::from(post.min_heads) {
        alert_open(tx, &post, at.now, at.entropy)?;
    }
    Ok(event)
}

/// Puts a person at a post of a roster in force that lacks heads.
///
/// # Errors
/// [`DbError::NotFound`] when no roster in force has the post, [`ConflictKind::State`] when it is full,
/// [`DbError::Breaks`].
pub fn claim(tx: &mut Tx<'_>, person: &PersonId, post: &PostId, at: At<'_>) -> DbResult<Assignment> {
    let post = posts::get(tx, post)?;
    let missing = || DbError::NotFound { kind: "open duty", id: post.id.to_string() };
    let schedule = covering(tx, &post)?.ok_or_else(missing)?;
    if local_minute(post.date, post.start_minute) <= local(at.now) {
        return Err(DbError::conflict("post", ConflictKind::Time, "the duty has begun"));
    }
    let heads = heads_of(tx, std::slice::from_ref(&post))?.first().copied().unwrap_or(0);
    if post.retired || heads >= usize::from(post.target_heads) {
        return Err(DbError::conflict("post", ConflictKind::State, "it has all the heads it wants already"));
    }
    allowed(tx, &schedule, &[&post.station], &[], &[(person.clone(), post.id.clone())])?;
    let duty = Assignment {
        schedule: schedule.id.clone(),
        seq: assignments::take_numbers(tx, &schedule.id, 1)?,
        person: person.clone(),
        post: post.id.clone(),
        station: post.station.clone(),
        date: post.date,
        start_minute: post.start_minute,
        end_minute: post.end_minute,
        pinned: false,
        source: AssignmentSource::Manual,
        version: 1,
    };
    assignments::insert(tx, &duty)?;
    let event = happened(tx, ReplanKind::Claim, &duty, person, None, at)?;
    let change = PersonChange { person: person.clone(), added: vec![duty.clone()], removed: Vec::new() };
    settle(tx, &schedule, &[change], "duty.claimed", event.id.as_str(), at)?;
    Ok(duty)
}

/// The assignments that an offer is bound to, if they are still as they were.
///
/// # Errors
/// [`ConflictKind::Replanned`] when the roster has changed meanwhile, [`ConflictKind::Time`] when a duty has begun.
pub fn bound(
    conn: &mut Connection,
    swap: &Swap,
    now: DateTime<Utc>,
) -> DbResult<(Schedule, Assignment, Option<Assignment>)> {
    let changed = || {
        DbError::conflict(
            "swap",
            ConflictKind::Replanned,
            "the roster that the offer is bound to has changed; offer the duty anew",
        )
    };
    let schedule = schedules::get(conn, &swap.schedule)?;
    if schedule.status != ScheduleStatus::Published {
        return Err(changed());
    }
    let mut find = |seq: i64, version: i64, person: Option<&PersonId>| {
        let found = assignments::get(conn, &swap.schedule, seq).map_err(|_| changed())?;
        let same = found.version == version && person.is_none_or(|person| found.person == *person);
        if same { Ok(found) } else { Err(changed()) }
    };
    let given = find(swap.seq, swap.assignment_version, Some(&swap.giver))?;
    let returned = match (swap.return_seq, swap.return_version) {
        (Some(seq), Some(version)) => Some(find(seq, version, swap.taker.as_ref())?),
        _ => None,
    };
    not_begun(&given, now)?;
    if let Some(returned) = &returned {
        not_begun(returned, now)?;
    }
    Ok((schedule, given, returned))
}

/// Refuses an exchange that would break rules.
///
/// # Errors
/// [`DbError::Breaks`], and those of [`bound`].
pub fn may_exchange(conn: &mut Connection, swap: &Swap, taker: &PersonId, now: DateTime<Utc>) -> DbResult<()> {
    let (schedule, given, returned) = bound(conn, swap, now)?;
    let mut leave = vec![(swap.giver.clone(), given.post.clone())];
    let mut join = vec![(taker.clone(), given.post.clone())];
    let mut places = vec![&given.station];
    if let Some(returned) = &returned {
        leave.push((taker.clone(), returned.post.clone()));
        join.push((swap.giver.clone(), returned.post.clone()));
        places.push(&returned.station);
    }
    allowed(conn, &schedule, &places, &leave, &join)
}

/// Lets the duties of a taken offer change hands.
///
/// # Errors
/// Those of [`may_exchange`].
pub fn exchange(tx: &mut Tx<'_>, swap: &Swap, taker: &PersonId, at: At<'_>) -> DbResult<()> {
    may_exchange(tx, swap, taker, at.now)?;
    let (schedule, given, returned) = bound(tx, swap, at.now)?;
    let kind = if returned.is_some() { ReplanKind::Swap } else { ReplanKind::GiveAway };
    let mut giver = PersonChange { person: swap.giver.clone(), added: Vec::new(), removed: vec![given.clone()] };
    let mut other = PersonChange { person: taker.clone(), added: Vec::new(), removed: Vec::new() };
    other.added.push(hand_over(tx, given.clone(), taker)?);
    if let Some(returned) = returned {
        other.removed.push(returned.clone());
        giver.added.push(hand_over(tx, returned, &swap.giver)?);
    }
    happened(tx, kind, &given, taker, swap.reason.as_deref(), at)?;
    settle(tx, &schedule, &[giver, other], "duty.swapped", swap.id.as_str(), at)
}

fn hand_over(tx: &mut Tx<'_>, duty: Assignment, to: &PersonId) -> DbResult<Assignment> {
    let handed = Assignment { person: to.clone(), source: AssignmentSource::Manual, ..duty };
    let version = assignments::update(tx, &handed)?;
    Ok(Assignment { version, ..handed })
}

pub(super) fn remove(tx: &mut Tx<'_>, duty: &Assignment) -> DbResult<()> {
    let mut version = duty.version;
    if duty.pinned {
        version = assignments::update(tx, &Assignment { pinned: false, ..duty.clone() })?;
    }
    assignments::delete(tx, &duty.schedule, duty.seq, version)
}

fn happened(
    tx: &mut Tx<'_>,
    kind: ReplanKind,
    duty: &Assignment,
    person: &PersonId,
    reason: Option<&str>,
    at: At<'_>,
) -> DbResult<ReplanEvent> {
    let event = ReplanEvent {
        id: ReplanEventId::fresh(at.now, at.entropy),
        kind,
        schedule: duty.schedule.clone(),
        post: duty.post.clone(),
        station: duty.station.clone(),
        date: duty.date,
        start_minute: duty.start_minute,
        person: person.clone(),
        reason: reason.map(str::to_owned),
        at: at.now,
        version: 1,
    };
    replan_events::insert(tx, &event)?;
    Ok(event)
}

pub(super) fn settle(
    tx: &mut Tx<'_>,
    schedule: &Schedule,
    changes: &[PersonChange],
    event: &'static str,
    occurrence: &str,
    at: At<'_>,
) -> DbResult<()> {
    let people: Vec<PersonId> = changes.iter().map(|change| change.person.clone()).collect();
    record_people(tx, schedule, &people)?;
    follow(tx, changes, &News { event, unit: &schedule.unit, occurrence }, at.now, at.entropy)
}

/// Refuses a change of a roster in force that would break rules which hold now.
fn allowed(
    conn: &mut Connection,
    schedule: &Schedule,
    places: &[&StationId],
    leave: &[Place],
    join: &[Place],
) -> DbResult<()> {
    let mut units = Vec::new();
    for place in places {
        units.push(stations::get(conn, place)?.unit);
    }
    let part = part_of(conn, schedule, &units)?;
    let (first, last) = ends(schedule.week_start, schedule.days);
    let roster: Vec<Place> =
        bulk::published_within(conn, &part, first, last)?.into_iter().map(|duty| (duty.person, duty.post)).collect();
    let broken = judge(conn, schedule, &part, &roster, leave, join)?;
    if broken.is_empty() { Ok(()) } else { Err(DbError::Breaks { broken }) }
}

/// The roster in force that covers a post, the nearest unit's first.
///
/// # Errors
/// Those of the connection.
pub fn covering(conn: &mut Connection, post: &Post) -> DbResult<Option<Schedule>> {
    use chrono::Datelike as _;

    let unit = stations::get(conn, &post.station)?.unit;
    let monday = post.date - chrono::Days::new(u64::from(post.date.weekday().num_days_from_monday()));
    let mut above = crate::db::units::ancestors(conn, &unit)?;
    above.push(unit);
    for unit in above.iter().rev() {
        if let Some(schedule) = schedules::published(conn, unit, monday)? {
            return Ok(Some(schedule));
        }
    }
    Ok(None)
}

/// How many heads each of the posts has in rosters in force; trainees are none.
///
/// # Errors
/// Those of the connection.
pub fn heads_of(conn: &mut Connection, posts: &[Post]) -> DbResult<Vec<usize>> {
    let ids: Vec<&PostId> = posts.iter().map(|post| &post.id).collect();
    let at = assignments::heads_at(conn, &ids)?;
    Ok(posts.iter().map(|post| at.iter().filter(|found| **found == post.id).count()).collect())
}
