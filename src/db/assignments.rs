//! Assignments: who serves where and when, in which schedule.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::count;
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{ConflictKind, DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::record;
use super::schema::{assignments as t, duty_records as d, people, posts, schedules, stations};
use super::units::station_ids_within;
use super::{Connection, DbResult, Tx, units};
use crate::domain::{Assignment, PersonId, PostId, ScheduleId, ScheduleStatus, StationId, UnitId};

const KIND: &str = "assignment";

record! {
    assignments, Assignment, AssignmentRow {
        schedule: String,
        seq: i64,
        person: String,
        post: String,
        station: String,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        pinned: bool,
        source: String,
        version: i64,
    }
}

/// Which assignments of a schedule a list holds.
#[derive(Debug, Clone, Default)]
pub struct AssignmentFilter {
    /// Only this station's.
    pub station: Option<StationId>,
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only on this date.
    pub date: Option<NaiveDate>,
    /// Only pinned ones, or only others.
    pub pinned: Option<bool>,
}

/// The assignment with this number.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn get(conn: &mut Connection, schedule: &ScheduleId, seq: i64) -> DbResult<Assignment> {
    let row: Option<AssignmentRow> = on!(conn, c => {
        t::table.find((schedule.as_str(), seq)).select(AssignmentRow::as_select()).first(c).optional()
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.ok_or_else(|| DbError::not_found(KIND, format!("{schedule}/{seq}")))?.restore()
}

/// A page of a schedule's assignments, by number.
///
/// # Errors
/// Those of the connection.
pub fn list(
    conn: &mut Connection,
    schedule: &ScheduleId,
    filter: &AssignmentFilter,
    page: &Page,
) -> DbResult<Slice<Assignment>> {
    let after = page.cursor_parts::<1>()?.and_then(|[seq]| seq.parse::<i64>().ok());
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        let mut query = t::table
            .filter(t::schedule.eq(schedule.as_str()))
            .select(AssignmentRow::as_select())
            .into_boxed();
        if let Some(station) = &filter.station {
            query = query.filter(t::station.eq(station.as_str()));
        }
        if let Some(person) = &filter.person {
            query = query.filter(t::person.eq(person.as_str()));
        }
        if let Some(date) = filter.date {
            query = query.filter(t::date.eq(date));
        }
        if let Some(pinned) = filter.pinned {
            query = query.filter(t::pinned.eq(pinned));
        }
        query = if page.descending {
            query.filter(t::seq.lt(after.unwrap_or(i64::MAX))).order(t::seq.desc())
        } else {
            query.filter(t::seq.gt(after.unwrap_or(i64::MIN))).order(t::seq.asc())
        };
        query.limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(AssignmentRow::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |assignment: &Assignment| cursor(&[&assignment.seq.to_string()])))
}

/// Every assignment of a schedule, by number.
///
/// # Errors
/// Those of the connection.
pub fn of_schedule(conn: &mut Connection, schedule: &ScheduleId) -> DbResult<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table.filter(t::schedule.eq(schedule.as_str())).order(t::seq).select(AssignmentRow::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// A station's roster in a schedule, by date, start, post and number.
///
/// # Errors
/// Those of the connection.
pub fn of_station(conn: &mut Connection, schedule: &ScheduleId, station: &StationId) -> DbResult<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table
            .filter(t::schedule.eq(schedule.as_str()).and(t::station.eq(station.as_str())))
            .order((t::date, t::start_minute, t::post, t::seq))
            .select(AssignmentRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// A person's roster in a schedule, by date, start and number.
///
/// # Errors
/// Those of the connection.
pub fn of_person(conn: &mut Connection, schedule: &ScheduleId, person: &PersonId) -> DbResult<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table
            .filter(t::schedule.eq(schedule.as_str()).and(t::person.eq(person.as_str())))
            .order((t::date, t::start_minute, t::seq))
            .select(AssignmentRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// A person's duty in force, with what a phone shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyDuty {
    /// The assignment.
    pub assignment: Assignment,
    /// Name of the station.
    pub station_name: String,
    /// Shift type of the post.
    pub shift_type: Option<String>,
    /// Skill of the post.
    pub skill: Option<String>,
    /// When the person confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When service began.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When service ended.
    pub checked_out_at: Option<DateTime<Utc>>,
}

/// Confirmation, check-in and check-out.
type Moments = (Option<NaiveDateTime>, Option<NaiveDateTime>, Option<NaiveDateTime>);

/// An assignment with its station's name, shift type, skill, and what has become of it.
type MyRow = (AssignmentRow, String, Option<String>, Option<String>, Option<Moments>);

/// A person's duties in published schedules from one date to another, inclusive: one query along one index.
///
/// # Errors
/// Those of the connection.
pub fn mine(conn: &mut Connection, person: &PersonId, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<MyDuty>> {
    let rows: Vec<MyRow> = on!(conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .inner_join(stations::table.on(stations::id.eq(t::station)))
            .inner_join(posts::table.on(posts::id.eq(t::post)))
            .left_join(d::table.on(d::person.eq(t::person).and(d::post.eq(t::post)).and(d::in_force.eq(true))))
            .filter(t::person.eq(person.as_str()).and(t::date.between(from, to)))
            .filter(schedules::status.eq(ScheduleStatus::Published.as_str()))
            .order((t::date, t::start_minute, t::schedule, t::seq))
            .select((
                AssignmentRow::as_select(),
                stations::name,
                posts::shift_type,
                posts::skill,
                (d::confirmed_at, d::checked_in_at, d::checked_out_at).nullable(),
            ))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(row, station_name, shift_type, skill, moments)| {
            let (confirmed, checked_in, checked_out) = moments.unwrap_or_default();
            Ok(MyDuty {
                assignment: row.restore()?,
                station_name,
                shift_type,
                skill,
                confirmed_at: confirmed.map(|at| at.and_utc()),
                checked_in_at: checked_in.map(|at| at.and_utc()),
                checked_out_at: checked_out.map(|at| at.and_utc()),
            })
        })
        .collect()
}

/// The assignments at a post in rosters in force, by schedule and number.
///
/// # Errors
/// Those of the connection.
pub fn in_force_at(conn: &mut Connection, post: &PostId) -> DbResult<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .filter(t::post.eq(post.as_str()).and(schedules::status.eq(ScheduleStatus::Published.as_str())))
            .order((t::schedule, t::seq))
            .select(AssignmentRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// Of these posts, one for each head there in a roster in force: each person who is no trainee, as the rules count.
///
/// # Errors
/// Those of the connection.
pub fn heads_at(conn: &mut Connection, posts: &[&PostId]) -> DbResult<Vec<PostId>> {
    let mut all = Vec::new();
    for chunk in posts.chunks(super::dialect::IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(|id| id.as_str()).collect();
        // A day may be covered by two schedules; the same duty counts once.
        let rows: Vec<(String, String)> = on!(&mut *conn, c => {
            t::table
                .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
                .inner_join(people::table.on(people::id.eq(t::person)))
                .filter(t::post.eq_any(&ids).and(schedules::status.eq(ScheduleStatus::Published.as_str())))
                .filter(people::trainee.eq(false))
                .select((t::person, t::post))
                .distinct()
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for (_, post) in rows {
            all.push(super::record::restore(post, "assignments", "post")?);
        }
    }
    Ok(all)
}

/// Heads at each post of the subtree's stations from one date to another, inclusive, as [`heads_at`] counts them; posts
/// without any are left out.
///
/// # Errors
/// [`DbError::NotFound`] when the unit does not exist.
pub fn heads_within(
    conn: &mut Connection,
    root: &UnitId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<HashMap<String, u64>> {
    let range = units::subtree(conn, root)?;
    let rows: Vec<(String, i64)> = on!(&mut *conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .inner_join(people::table.on(people::id.eq(t::person)))
            .filter(schedules::status.eq(ScheduleStatus::Published.as_str()).and(people::trainee.eq(false)))
            .filter(t::date.between(from, to))
            .filter(t::station.eq_any(station_ids_within!(range)))
            .group_by(t::post)
            // A day may be covered by two schedules; the same duty counts once.
            .select((t::post, count(t::person).aggregate_distinct()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.into_iter().map(|(post, heads)| (post, u64::try_from(heads).unwrap_or(0))).collect())
}

/// Takes so many numbers of a schedule, and answers the first. None is given twice, even when its assignment is gone:
/// addresses and offers name assignments by number.
///
/// # Errors
/// Those of the connection.
pub fn take_numbers(tx: &mut Tx<'_>, schedule: &ScheduleId, count: usize) -> DbResult<i64> {
    let count = u32::try_from(count).map_err(|error| DbError::Internal(error.to_string()))?;
    super::serials::take_above(tx, &format!("assignments {}", schedule.as_str()), count, |tx| {
        let last: Option<i64> = on!(&mut **tx, c => {
            t::table.filter(t::schedule.eq(schedule.as_str())).select(diesel::dsl::max(t::seq)).first(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        Ok(last.unwrap_or(0).max(super::swaps::last_seq(tx, schedule)?))
    })
}

/// Adds an assignment.
///
/// # Errors
/// [`DbError::Conflict`] when the person already has the post, or something does not exist.
pub fn insert(tx: &mut Tx<'_>, assignment: &Assignment) -> DbResult<()> {
    insert_many(tx, std::slice::from_ref(assignment))
}

/// Adds many assignments with few statements.
///
/// # Errors
/// As for one; then none is added.
pub fn insert_many(tx: &mut Tx<'_>, assignments: &[Assignment]) -> DbResult<()> {
    for chunk in assignments.chunks(rows_per_insert(AssignmentRow::COLUMNS)) {
        let rows: Vec<AssignmentRow> = chunk.iter().map(AssignmentRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Copies every assignment of a schedule to another one, numbers included, with one statement.
///
/// # Errors
/// Those of the connection.
pub fn copy_all(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId) -> DbResult<()> {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Text};

    let to = to.as_str();
    on!(&mut **tx, c => {
        let rows = t::table.filter(t::schedule.eq(from.as_str())).select((
            sql::<Text>("").bind::<Text, _>(to), t::seq, t::person, t::post, t::station, t::date, t::start_minute,
            t::end_minute, t::pinned, t::source, sql::<BigInt>("1"),
        ));
        diesel::insert_into(t::table)
            .values(rows)
            .into_columns((
                t::schedule, t::seq, t::person, t::post, t::station, t::date, t::start_minute, t::end_minute, t::pinned,
                t::source, t::version,
            ))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Removes assignments by person and post, whatever their versions.
///
/// # Errors
/// Those of the connection.
pub fn remove_duties(tx: &mut Tx<'_>, schedule: &ScheduleId, duties: &[(PersonId, PostId)]) -> DbResult<()> {
    for (person, post) in duties {
        let find = t::table
            .filter(t::schedule.eq(schedule.as_str()))
            .filter(t::person.eq(person.as_str()).and(t::post.eq(post.as_str())));
        on!(&mut **tx, c => diesel::delete(find).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    }
    Ok(())
}

/// Replaces an assignment whose stored version is the given one's, and answers the new version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] as for `insert`.
pub fn update(tx: &mut Tx<'_>, assignment: &Assignment) -> DbResult<i64> {
    let mut row = AssignmentRow::store(assignment);
    row.version += 1;
    let find = t::table.find((assignment.schedule.as_str(), assignment.seq)).filter(t::version.eq(assignment.version));
    let changed = on!(&mut **tx, c => diesel::update(find).set(&row).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    if changed == 0 {
        return Err(missed(tx, &assignment.schedule, assignment.seq, assignment.version));
    }
    Ok(row.version)
}

/// Removes an assignment, if it still has the expected version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it is pinned.
pub fn delete(tx: &mut Tx<'_>, schedule: &ScheduleId, seq: i64, version: i64) -> DbResult<()> {
    let stored = get(tx, schedule, seq)?;
    if stored.pinned && stored.version == version {
        return Err(DbError::conflict(KIND, ConflictKind::State, "it is pinned; unpin it first"));
    }
    let find = t::table.find((schedule.as_str(), seq)).filter(t::version.eq(version));
    let removed = on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    if removed == 0 { Err(missed(tx, schedule, seq, version)) } else { Ok(()) }
}

/// Removes every assignment of a schedule but the pinned ones.
pub(super) fn clear_unpinned(tx: &mut Tx<'_>, schedule: &ScheduleId) -> DbResult<()> {
    let find = t::table.filter(t::schedule.eq(schedule.as_str()).and(t::pinned.eq(false)));
    on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

/// Why no assignment of that version was found.
fn missed(tx: &mut Tx<'_>, schedule: &ScheduleId, seq: i64, expected: i64) -> DbError {
    match get(tx, schedule, seq) {
        Ok(stored) => DbError::Stale { kind: KIND, id: format!("{schedule}/{seq}"), expected, actual: stored.version },
        Err(error) => error,
    }
}
