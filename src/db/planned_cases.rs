//! What rosters decide about residents' cases, by schedule and case.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::decisions::decisions;
use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::childless;
use super::{Connection, DbResult, Tx};
use crate::domain::{CaseId, PersonId, PlannedCase, ScheduleId, ScheduleStatus, Settlement};

const KIND: &str = "planned case";
/// People asked for at once.
const CHUNK: usize = 500;

decisions! {
    planned_cases, PlannedCase {
        schedule: String => schedule,
        case_id: String => case,
        unit: String => unit,
        settlement: String => settlement,
        person: Option<String> => person,
        date: Option<NaiveDate> => date,
        start_minute: Option<i64> => start_minute,
        end_minute: Option<i64> => end_minute,
        reason_zh: String => reason_zh,
        reason_en: String => reason_en,
        carried_out: bool => is_carried_out,
    },
    by case_id => case, narrowed by settlement: Settlement, children: childless
}

/// Says that publication has moved a case as the schedule decided.
///
/// # Errors
/// Those of the connection.
pub fn carried_out(tx: &mut Tx<'_>, schedule: &ScheduleId, case: &CaseId) -> DbResult<()> {
    use super::schema::planned_cases as t;

    on!(&mut **tx, c => {
        diesel::update(t::table.filter(t::schedule.eq(schedule.as_str())).filter(t::case_id.eq(case.as_str())))
            .set(t::carried_out.eq(true))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
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
    use super::schema::{planned_cases as t, schedules};

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
        found.extend(Row::restore_all(conn, rows)?);
    }
    Ok(found)
}
