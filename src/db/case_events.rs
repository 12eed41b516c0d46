//! Every move of every case.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::record::{Stored, restore};
use super::schema::case_events as t;
use super::{Connection, DbResult, Tx};
use crate::domain::{CaseEvent, CaseId};

const KIND: &str = "case event";

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct EventRow {
    case_id: String,
    seq: i64,
    at: NaiveDateTime,
    actor: String,
    action: String,
    from_status: Option<String>,
    to_status: String,
    unit: String,
    handler: Option<String>,
    deadline: NaiveDate,
    reason: String,
}

impl EventRow {
    const COLUMNS: usize = 11;

    fn store(event: &CaseEvent) -> Self {
        Self {
            case_id: event.case.store(),
            seq: event.seq.store(),
            at: event.at.store(),
            actor: event.actor.clone(),
            action: event.action.store(),
            from_status: event.from_status.store(),
            to_status: event.to_status.store(),
            unit: event.unit.store(),
            handler: event.handler.store(),
            deadline: event.deadline,
            reason: event.reason.clone(),
        }
    }

    fn restore(self) -> DbResult<CaseEvent> {
        Ok(CaseEvent {
            case: restore(self.case_id, "case_events", "case_id")?,
            seq: restore(self.seq, "case_events", "seq")?,
            at: self.at.and_utc(),
            actor: self.actor,
            action: restore(self.action, "case_events", "action")?,
            from_status: restore(self.from_status, "case_events", "from_status")?,
            to_status: restore(self.to_status, "case_events", "to_status")?,
            unit: restore(self.unit, "case_events", "unit")?,
            handler: restore(self.handler, "case_events", "handler")?,
            deadline: self.deadline,
            reason: self.reason,
        })
    }
}

/// Adds lines of history, in the transaction of the moves that they tell of.
///
/// # Errors
/// [`DbError::Conflict`] when another transaction has moved the case meanwhile.
pub fn insert_many(tx: &mut Tx<'_>, events: &[CaseEvent]) -> DbResult<()> {
    for chunk in events.chunks(rows_per_insert(EventRow::COLUMNS)) {
        let rows: Vec<EventRow> = chunk.iter().map(EventRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// The history of a case, the first line first.
///
/// # Errors
/// Those of the connection.
pub fn of_case(conn: &mut Connection, case: &CaseId) -> DbResult<Vec<CaseEvent>> {
    let rows: Vec<EventRow> = on!(conn, c => {
        t::table.filter(t::case_id.eq(case.as_str())).order(t::seq).select(EventRow::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(EventRow::restore).collect()
}

/// The number that the case's next line of history gets.
///
/// # Errors
/// Those of the connection.
pub fn next_seq(conn: &mut Connection, case: &CaseId) -> DbResult<u32> {
    let last: Option<i64> =
        on!(conn, c => t::table.filter(t::case_id.eq(case.as_str())).select(diesel::dsl::max(t::seq)).first(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    restore(last.unwrap_or(0) + 1, "case_events", "seq")
}
