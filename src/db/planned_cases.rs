//! What rosters decide about residents' cases, by schedule and case.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, restore};
use super::schema::{planned_cases, schedules};
use super::{Connection, DbResult, Tx};
use crate::domain::{CaseId, PersonId, PlannedCase, ScheduleId, ScheduleStatus, Settlement};

const KIND: &str = "planned case";
const TABLE: &str = "planned_cases";
/// People asked for at once.
const CHUNK: usize = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = planned_cases)]
struct Row {
    schedule: String,
    case_id: String,
    unit: String,
    settlement: String,
    person: Option<String>,
    date: Option<NaiveDate>,
    start_minute: Option<i64>,
    end_minute: Option<i64>,
    reason_zh: String,
    reason_en: String,
    carried_out: bool,
}

impl Row {
    fn restore(self) -> DbResult<PlannedCase> {
        Ok(PlannedCase {
            schedule: restore(self.schedule, TABLE, "schedule")?,
            case: restore(self.case_id, TABLE, "case_id")?,
            unit: restore(self.unit, TABLE, "unit")?,
            settlement: restore(self.settlement, TABLE, "settlement")?,
            person: self.person.map(|person| restore(person, TABLE, "person")).transpose()?,
            date: self.date,
            start_minute: self.start_minute.map(|minute| restore(minute, TABLE, "start_minute")).transpose()?,
            end_minute: self.end_minute.map(|minute| restore(minute, TABLE, "end_minute")).transpose()?,
            reason_zh: self.reason_zh,
            reason_en: self.reason_en,
            is_carried_out: self.carried_out,
        })
    }
}

/// Replaces a schedule's decisions about cases.
///
/// # Errors
/// Those of the connection.
pub(super) fn store(tx: &mut Tx<'_>, id: &ScheduleId, planned: &[PlannedCase]) -> DbResult<()> {
    use planned_cases as t;

    on!(&mut **tx, c => diesel::delete(t::table.filter(t::schedule.eq(id.as_str()))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    let rows: Vec<_> = planned
        .iter()
        .map(|case| {
            (
                t::schedule.eq(id.store()),
                t::case_id.eq(case.case.store()),
                t::unit.eq(case.unit.store()),
                t::settlement.eq(case.settlement.store()),
                t::person.eq(case.person.as_ref().map(Stored::store)),
                t::date.eq(case.date),
                t::start_minute.eq(case.start_minute.map(|minute| minute.store())),
                t::end_minute.eq(case.end_minute.map(|minute| minute.store())),
                t::reason_zh.eq(case.reason_zh.clone()),
                t::reason_en.eq(case.reason_en.clone()),
                t::carried_out.eq(case.is_carried_out),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(11)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Says that publication has moved a case as the schedule decided.
///
/// # Errors
/// Those of the connection.
pub fn carried_out(tx: &mut Tx<'_>, schedule: &ScheduleId, case: &CaseId) -> DbResult<()> {
    use planned_cases as t;

    on!(&mut **tx, c => {
        diesel::update(t::table.filter(t::schedule.eq(schedule.as_str())).filter(t::case_id.eq(case.as_str())))
            .set(t::carried_out.eq(true))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Everything that a schedule decides about cases, by case.
///
/// # Errors
/// Those of the connection.
pub fn of_schedule(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<PlannedCase>> {
    use planned_cases as t;

    let rows: Vec<Row> = on!(conn, c => {
        t::table.filter(t::schedule.eq(id.as_str())).order(t::case_id).select(Row::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(Row::restore).collect()
}

/// A page of what a schedule decides about cases, by case.
///
/// # Errors
/// Those of the connection.
pub fn list(
    conn: &mut Connection,
    id: &ScheduleId,
    settlement: Option<Settlement>,
    page: &Page,
) -> DbResult<Slice<PlannedCase>> {
    use planned_cases as t;

    let after = page.cursor_parts::<1>()?;
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = t::table.filter(t::schedule.eq(id.as_str())).select(Row::as_select()).into_boxed();
        if let Some(settlement) = settlement {
            query = query.filter(t::settlement.eq(settlement.as_str()));
        }
        if let Some([case]) = after {
            query = query.filter(t::case_id.gt(case));
        }
        query.order(t::case_id).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(Row::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |case: &PlannedCase| cursor(&[case.case.as_str()])))
}

/// When these people work cases by published rosters, other than the given one, from one day to another, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn in_force(
    conn: &mut Connection,
    people: &[PersonId],
    besides: &ScheduleId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<PlannedCase>> {
    use planned_cases as t;

    let mut found = Vec::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let rows: Vec<Row> = on!(&mut *conn, c => {
            t::table
                .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
                .filter(schedules::status.eq(ScheduleStatus::Published.as_str()))
                .filter(t::schedule.ne(besides.as_str()))
                .filter(t::person.eq_any(&ids))
                .filter(t::date.between(from, to))
                .order((t::schedule, t::case_id))
                .select(Row::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for row in rows {
            found.push(row.restore()?);
        }
    }
    Ok(found)
}

/// Lets a new version of a roster decide about cases as the version before, but for those that it decides anew.
///
/// # Errors
/// Those of the connection.
pub(super) fn copy_all(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId, anew: &[PlannedCase]) -> DbResult<()> {
    let mut planned = of_schedule(tx, from)?;
    planned.retain(|old| anew.iter().all(|new| new.case != old.case));
    planned.extend_from_slice(anew);
    store(tx, to, &planned)
}
