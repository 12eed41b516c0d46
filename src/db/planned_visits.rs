//! What rosters decide about open visits, by schedule and visit.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::decisions::{decisions, written};
use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::childless;
use super::{Connection, DbResult, Tx};
use crate::domain::{PlannedVisit, ScheduleId};

const KIND: &str = "planned visit";

decisions! {
    planned_visits, PlannedVisit {
        schedule: String => schedule,
        visit_id: String => visit,
        visit_version: i64 => visit_version,
        made: bool => is_made,
        person: Option<String> => person,
        date: Option<NaiveDate> => date,
        start_minute: Option<i64> => start_minute,
        end_minute: Option<i64> => end_minute,
        reason_zh: String => reason_zh,
        reason_en: String => reason_en,
        carried_out: bool => is_carried_out,
        former: Option<String> => former,
    },
    by visit_id => visit, narrowed by made: bool, children: childless
}

written!(planned_visits, PlannedVisit by visit_id, visit_version);

/// What publications have written to these visits, whichever schedule decided it, by visit.
///
/// # Errors
/// Those of the connection.
pub fn written_to(conn: &mut Connection, visits: &[&str]) -> DbResult<Vec<PlannedVisit>> {
    use super::schema::planned_visits as t;

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
        found.extend(Row::restore_all(conn, rows)?);
    }
    Ok(found)
}
