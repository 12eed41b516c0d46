//! What rosters decide about open visits, by schedule and visit.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, restore};
use super::schema::{planned_visits, schedules};
use super::{Connection, DbResult, Tx};
use crate::domain::{PlannedVisit, ScheduleId, ScheduleStatus, VisitId};

const KIND: &str = "planned visit";
const TABLE: &str = "planned_visits";

#[derive(Queryable, Selectable)]
#[diesel(table_name = planned_visits)]
struct Row {
    schedule: String,
    visit_id: String,
    visit_version: i64,
    made: bool,
    person: Option<String>,
    date: Option<NaiveDate>,
    start_minute: Option<i64>,
    end_minute: Option<i64>,
    reason_zh: String,
    reason_en: String,
    carried_out: bool,
}

impl Row {
    fn restore(self) -> DbResult<PlannedVisit> {
        Ok(PlannedVisit {
            schedule: restore(self.schedule, TABLE, "schedule")?,
            visit: restore(self.visit_id, TABLE, "visit_id")?,
            visit_version: self.visit_version,
            is_made: self.made,
            person: restore(self.person, TABLE, "person")?,
            date: self.date,
            start_minute: restore(self.start_minute, TABLE, "start_minute")?,
            end_minute: restore(self.end_minute, TABLE, "end_minute")?,
            reason_zh: self.reason_zh,
            reason_en: self.reason_en,
            is_carried_out: self.carried_out,
        })
    }
}

/// Replaces a schedule's decisions about visits.
///
/// # Errors
/// Those of the connection.
pub(super) fn store(tx: &mut Tx<'_>, id: &ScheduleId, planned: &[PlannedVisit]) -> DbResult<()> {
    use planned_visits as t;

    on!(&mut **tx, c => diesel::delete(t::table.filter(t::schedule.eq(id.as_str()))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    let rows: Vec<_> = planned
        .iter()
        .map(|visit| {
            (
                t::schedule.eq(id.store()),
                t::visit_id.eq(visit.visit.store()),
                t::visit_version.eq(visit.visit_version),
                t::made.eq(visit.is_made),
                t::person.eq(visit.person.store()),
                t::date.eq(visit.date),
                t::start_minute.eq(visit.start_minute.store()),
                t::end_minute.eq(visit.end_minute.store()),
                t::reason_zh.eq(visit.reason_zh.clone()),
                t::reason_en.eq(visit.reason_en.clone()),
                t::carried_out.eq(visit.is_carried_out),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(11)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Says that publication has written a decision to its visit, whose version that made.
///
/// # Errors
/// Those of the connection.
pub fn carried_out(tx: &mut Tx<'_>, schedule: &ScheduleId, visit: &VisitId, version: i64) -> DbResult<()> {
    use planned_visits as t;

    on!(&mut **tx, c => {
        diesel::update(t::table.find((schedule.as_str(), visit.as_str())))
            .set((t::carried_out.eq(true), t::visit_version.eq(version)))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Everything that a schedule decides about visits, by visit.
///
/// # Errors
/// Those of the connection.
pub fn of_schedule(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<PlannedVisit>> {
    use planned_visits as t;

    let rows: Vec<Row> = on!(&mut *conn, c => {
        t::table.filter(t::schedule.eq(id.as_str())).order(t::visit_id).select(Row::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(Row::restore).collect()
}

/// A page of what a schedule decides about visits, by visit.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, id: &ScheduleId, made: Option<bool>, page: &Page) -> DbResult<Slice<PlannedVisit>> {
    use planned_visits as t;

    let after = page.cursor_parts::<1>()?;
    let rows: Vec<Row> = on!(&mut *conn, c => {
        let mut query = t::table.filter(t::schedule.eq(id.as_str())).select(Row::as_select()).into_boxed();
        if let Some(made) = made {
            query = query.filter(t::made.eq(made));
        }
        if let Some([visit]) = after {
            query = query.filter(t::visit_id.gt(visit));
        }
        query.order(t::visit_id).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |planned: &PlannedVisit| cursor(&[planned.visit.as_str()])))
}

/// What publications have written to these visits, whichever schedule decided it, by visit.
///
/// # Errors
/// Those of the connection.
pub fn written(conn: &mut Connection, visits: &[&str]) -> DbResult<Vec<PlannedVisit>> {
    use planned_visits as t;

    let mut found = Vec::new();
    for chunk in visits.chunks(IDS_PER_QUERY) {
        let rows: Vec<Row> = on!(&mut *conn, c => {
            t::table
                .filter(t::visit_id.eq_any(chunk))
                .filter(t::carried_out.eq(true))
                .order((t::visit_id, t::schedule))
                .select(Row::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// Visits that published rosters, other than the given one, have decided from one day to another, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn in_force(
    conn: &mut Connection,
    besides: &ScheduleId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<PlannedVisit>> {
    use planned_visits as t;

    let rows: Vec<Row> = on!(&mut *conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .filter(schedules::status.eq(ScheduleStatus::Published.as_str()))
            .filter(t::schedule.ne(besides.as_str()))
            .filter(t::date.between(from, to))
            .order((t::schedule, t::visit_id))
            .select(Row::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(Row::restore).collect()
}

/// Lets a new version of a roster decide about visits as the version before, but for those that it decides anew.
///
/// # Errors
/// Those of the connection.
pub(super) fn copy_all(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId, anew: &[PlannedVisit]) -> DbResult<()> {
    let mut planned = of_schedule(tx, from)?;
    planned.retain(|old| anew.iter().all(|new| new.visit != old.visit));
    planned.extend_from_slice(anew);
    store(tx, to, &planned)
}
