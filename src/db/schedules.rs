//! Schedules, the latest first within a list; what they hold is in [`assignments`](super::assignments) and
//! [`results`](super::results).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{ConflictKind, DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema, units};
use crate::domain::{Schedule, ScheduleId, ScheduleStatus, UnitId};
use schema::schedules as t;

const KIND: &str = "schedule";

record! {
    schedules, Schedule, ScheduleRow {
        id: String,
        unit: String,
        week_start: NaiveDate,
        days: i64,
        status: String,
        profile: String,
        profile_version: i64,
        accept_draft_calendar: bool,
        seed: i64,
        time_limit_seconds: i64,
        threads: i64,
        input_hash: Option<String>,
        outcome: Option<String>,
        certificate: Option<String>,
        created_at: chrono::NaiveDateTime,
        planned_at: Option<chrono::NaiveDateTime>,
        published_at: Option<chrono::NaiveDateTime>,
        version: i64,
    }
}

crud!(schedules, Schedule, ScheduleId, ScheduleRow, children: childless);

/// Which schedules a list holds.
#[derive(Debug, Clone, Default)]
pub struct ScheduleFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only of exactly this unit.
    pub unit: Option<UnitId>,
    /// Only of this week.
    pub week_start: Option<NaiveDate>,
    /// Only in this state.
    pub status: Option<ScheduleStatus>,
}

list_by_id! {
    /// A page of schedules, by id, which is the order in which they were asked for.
    schedules, Schedule, ScheduleRow, ScheduleFilter, children: childless,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        crate::db::units::only_visible!(query, page, unit t::unit);
        if let Some(range) = &range {
            query = query.filter(t::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(unit) = &filter.unit {
            query = query.filter(t::unit.eq(unit.as_str()));
        }
        if let Some(week_start) = filter.week_start {
            query = query.filter(t::week_start.eq(week_start));
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
    }
}

/// The published schedule of exactly this unit and week.
///
/// # Errors
/// Those of the connection.
pub fn published(conn: &mut Connection, unit: &UnitId, week_start: NaiveDate) -> DbResult<Option<Schedule>> {
    let row: Option<ScheduleRow> = on!(conn, c => {
        t::table
            .filter(t::unit.eq(unit.as_str()))
            .filter(t::week_start.eq(week_start))
            .filter(t::status.eq(ScheduleStatus::Published.as_str()))
            .order(t::id.desc())
            .select(ScheduleRow::as_select())
            .first(c)
            .optional()
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(ScheduleRow::restore).transpose()
}

/// Every schedule of exactly this unit and week, in the order in which they were asked for.
///
/// # Errors
/// Those of the connection.
pub fn versions(conn: &mut Connection, unit: &UnitId, week_start: NaiveDate) -> DbResult<Vec<Schedule>> {
    let rows: Vec<ScheduleRow> = on!(conn, c => {
        t::table
            .filter(t::unit.eq(unit.as_str()).and(t::week_start.eq(week_start)))
            .order(t::id)
            .select(ScheduleRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(ScheduleRow::restore).collect()
}

/// Takes a published schedule out of force again, and puts the one that it had superseded, if any, back. Answers both.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it is not published.
pub fn withdraw(tx: &mut Tx<'_>, id: &ScheduleId, version: i64) -> DbResult<(Schedule, Option<Schedule>)> {
    expect_version(tx, id, version)?;
    let mut schedule = get(tx, id)?;
    if schedule.status != ScheduleStatus::Published {
        let detail = format!("it is {}, and only a published schedule can be withdrawn", schedule.status);
        return Err(DbError::conflict(KIND, ConflictKind::State, detail));
    }
    let before = versions(tx, &schedule.unit, schedule.week_start)?
        .into_iter()
        .filter(|other| other.status == ScheduleStatus::Superseded)
        .max_by(|one, other| (one.published_at, &one.id).cmp(&(other.published_at, &other.id)));
    schedule.status = ScheduleStatus::Planned;
    schedule.published_at = None;
    schedule.version = update(tx, &schedule)?;
    let Some(mut before) = before else { return Ok((schedule, None)) };
    before.status = ScheduleStatus::Published;
    before.version = update(tx, &before)?;
    Ok((schedule, Some(before)))
}

/// Puts a planned schedule in force, in place of the published one of the same unit and week, and answers it.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it has no roster or is published already.
pub fn publish(tx: &mut Tx<'_>, id: &ScheduleId, version: i64, now: DateTime<Utc>) -> DbResult<Schedule> {
    expect_version(tx, id, version)?;
    let mut schedule = get(tx, id)?;
    if schedule.status != ScheduleStatus::Planned {
        return Err(DbError::conflict(
            KIND,
            ConflictKind::State,
            format!("it is {}, and only a planned schedule can be published; plan it first", schedule.status),
        ));
    }
    if let Some(mut before) = published(tx, &schedule.unit, schedule.week_start)? {
        before.status = ScheduleStatus::Superseded;
        update(tx, &before)?;
    }
    schedule.status = ScheduleStatus::Published;
    schedule.published_at = Some(now);
    schedule.version = update(tx, &schedule)?;
    Ok(schedule)
}
