//! What rosters decide about open visits, by schedule and visit.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::decisions::{decisions, in_force};
use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::childless;
use super::{Connection, DbResult, Tx};
use crate::domain::{PlannedVisit, ScheduleId, VisitId};

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
    },
    by visit_id => visit, narrowed by made: bool, children: childless
}

in_force!(planned_visits, PlannedVisit by visit_id);

/// Says that publication has written a decision to its visit, whose version that made.
///
/// # Errors
/// Those of the connection.
pub fn carried_out(tx: &mut Tx<'_>, schedule: &ScheduleId, visit: &VisitId, version: i64) -> DbResult<()> {
    use super::schema::planned_visits as t;

    on!(&mut **tx, c => {
        diesel::update(t::table.find((schedule.as_str(), visit.as_str())))
            .set((t::carried_out.eq(true), t::visit_version.eq(version)))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// What publications have written to these visits, whichever schedule decided it, by visit.
///
/// # Errors
/// Those of the connection.
pub fn written(conn: &mut Connection, visits: &[&str]) -> DbResult<Vec<PlannedVisit>> {
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
