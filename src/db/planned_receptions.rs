//! What rosters decide about receptions, by schedule and reception.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, restore};
use super::schema::{planned_reception_deputies, planned_receptions, schedules};
use super::{Connection, DbResult, Tx};
use crate::domain::{PlannedReception, ReceptionId, ScheduleId, ScheduleStatus};

const KIND: &str = "planned reception";
const TABLE: &str = "planned_receptions";

#[derive(Queryable, Selectable)]
#[diesel(table_name = planned_receptions)]
struct Row {
    schedule: String,
    reception_id: String,
    reception_version: i64,
    held: bool,
    date: Option<NaiveDate>,
    start_minute: Option<i64>,
    end_minute: Option<i64>,
    host: Option<String>,
    venue: Option<String>,
    reason_zh: String,
    reason_en: String,
    carried_out: bool,
}

impl Row {
    fn restore(self) -> DbResult<PlannedReception> {
        Ok(PlannedReception {
            schedule: restore(self.schedule, TABLE, "schedule")?,
            reception: restore(self.reception_id, TABLE, "reception_id")?,
            reception_version: self.reception_version,
            is_held: self.held,
            date: self.date,
            start_minute: self.start_minute.map(|minute| restore(minute, TABLE, "start_minute")).transpose()?,
            end_minute: self.end_minute.map(|minute| restore(minute, TABLE, "end_minute")).transpose()?,
            deputies: Vec::new(),
            host: self.host.map(|person| restore(person, TABLE, "host")).transpose()?,
            venue: self.venue.map(|venue| restore(venue, TABLE, "venue")).transpose()?,
            reason_zh: self.reason_zh,
            reason_en: self.reason_en,
            is_carried_out: self.carried_out,
        })
    }
}

/// Replaces a schedule's decisions about receptions.
///
/// # Errors
/// Those of the connection.
pub(super) fn store(tx: &mut Tx<'_>, id: &ScheduleId, planned: &[PlannedReception]) -> DbResult<()> {
    use {planned_reception_deputies as d, planned_receptions as t};

    on!(&mut **tx, c => diesel::delete(t::table.filter(t::schedule.eq(id.as_str()))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    let rows: Vec<_> = planned
        .iter()
        .map(|reception| {
            (
                t::schedule.eq(id.store()),
                t::reception_id.eq(reception.reception.store()),
                t::reception_version.eq(reception.reception_version),
                t::held.eq(reception.is_held),
                t::date.eq(reception.date),
                t::start_minute.eq(reception.start_minute.map(|minute| minute.store())),
                t::end_minute.eq(reception.end_minute.map(|minute| minute.store())),
                t::host.eq(reception.host.as_ref().map(Stored::store)),
                t::venue.eq(reception.venue.as_ref().map(Stored::store)),
                t::reason_zh.eq(reception.reason_zh.clone()),
                t::reason_en.eq(reception.reason_en.clone()),
                t::carried_out.eq(reception.is_carried_out),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(12)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    let deputies: Vec<_> = planned
        .iter()
        .flat_map(|reception| reception.deputies.iter().map(move |person| (&reception.reception, person)))
        .map(|(reception, person)| {
            (d::schedule.eq(id.store()), d::reception_id.eq(reception.store()), d::person_id.eq(person.store()))
        })
        .collect();
    for chunk in deputies.chunks(rows_per_insert(3)) {
        on!(&mut **tx, c => diesel::insert_into(d::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Says that publication has written decisions to their receptions.
///
/// # Errors
/// Those of the connection.
pub fn carried_out(tx: &mut Tx<'_>, schedule: &ScheduleId, receptions: &[ReceptionId]) -> DbResult<()> {
    use planned_receptions as t;

    for chunk in receptions.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(ReceptionId::as_str).collect();
        on!(&mut **tx, c => {
            diesel::update(t::table.filter(t::schedule.eq(schedule.as_str())).filter(t::reception_id.eq_any(ids)))
                .set(t::carried_out.eq(true))
                .execute(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Everything that a schedule decides about receptions, by reception.
///
/// # Errors
/// Those of the connection.
pub fn of_schedule(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<PlannedReception>> {
    use planned_receptions as t;

    let rows: Vec<Row> = on!(&mut *conn, c => {
        t::table.filter(t::schedule.eq(id.as_str())).order(t::reception_id).select(Row::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut planned = rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?;
    add_deputies(conn, id, &mut planned)?;
    Ok(planned)
}

/// A page of what a schedule decides about receptions, by reception.
///
/// # Errors
/// Those of the connection.
pub fn list(
    conn: &mut Connection,
    id: &ScheduleId,
    held: Option<bool>,
    page: &Page,
) -> DbResult<Slice<PlannedReception>> {
    use planned_receptions as t;

    let after = page.cursor_parts::<1>()?;
    let rows: Vec<Row> = on!(&mut *conn, c => {
        let mut query = t::table.filter(t::schedule.eq(id.as_str())).select(Row::as_select()).into_boxed();
        if let Some(held) = held {
            query = query.filter(t::held.eq(held));
        }
        if let Some([reception]) = after {
            query = query.filter(t::reception_id.gt(reception));
        }
        query.order(t::reception_id).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?;
    add_deputies(conn, id, &mut items)?;
    Ok(Slice::cut(items, page, |planned: &PlannedReception| cursor(&[planned.reception.as_str()])))
}

/// What published rosters, other than the given one, decide about receptions held from one day to another, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn in_force(
    conn: &mut Connection,
    besides: &ScheduleId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<PlannedReception>> {
    use planned_receptions as t;

    let rows: Vec<Row> = on!(&mut *conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .filter(schedules::status.eq(ScheduleStatus::Published.as_str()))
            .filter(t::schedule.ne(besides.as_str()))
            .filter(t::date.between(from, to))
            .order((t::schedule, t::reception_id))
            .select(Row::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut found = rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?;
    for planned in found.chunk_by_mut(|one, other| one.schedule == other.schedule) {
        if let Some(schedule) = planned.first().map(|first| first.schedule.clone()) {
            add_deputies(conn, &schedule, planned)?;
        }
    }
    Ok(found)
}

fn add_deputies(conn: &mut Connection, id: &ScheduleId, planned: &mut [PlannedReception]) -> DbResult<()> {
    use planned_reception_deputies as d;

    let mut deputies: HashMap<String, Vec<String>> = HashMap::new();
    let receptions: Vec<&str> = planned.iter().map(|planned| planned.reception.as_str()).collect();
    for chunk in receptions.chunks(IDS_PER_QUERY) {
        let rows: Vec<(String, String)> = on!(&mut *conn, c => {
            d::table
                .filter(d::schedule.eq(id.as_str()))
                .filter(d::reception_id.eq_any(chunk))
                .order((d::reception_id, d::person_id))
                .select((d::reception_id, d::person_id))
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for (reception, person) in rows {
            deputies.entry(reception).or_default().push(person);
        }
    }
    for reception in planned {
        for person in deputies.remove(reception.reception.as_str()).into_iter().flatten() {
            reception.deputies.push(restore(person, "planned_reception_deputies", "person_id")?);
        }
    }
    Ok(())
}

/// Lets a new version of a roster decide about receptions as the version before, but for those that it decides anew.
///
/// # Errors
/// Those of the connection.
pub(super) fn copy_all(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId, anew: &[PlannedReception]) -> DbResult<()> {
    let mut planned = of_schedule(tx, from)?;
    planned.retain(|old| anew.iter().all(|new| new.reception != old.reception));
    planned.extend_from_slice(anew);
    store(tx, to, &planned)
}
