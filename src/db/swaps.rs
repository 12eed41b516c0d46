//! Offers of duties, by id, which is their order in time.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, schema};
use crate::domain::{PersonId, ScheduleId, Swap, SwapStatus};

const KIND: &str = "swap";

record! {
    swaps, Swap, SwapRow {
        id: String,
        schedule: String,
        seq: i64,
        assignment_version: i64,
        post: String,
        station: String,
        date: chrono::NaiveDate,
        start_minute: i64,
        giver: String,
        taker: Option<String>,
        return_seq: Option<i64>,
        return_version: Option<i64>,
        mode: String,
        status: String,
        reason: Option<String>,
        created_at: chrono::NaiveDateTime,
        decided_at: Option<chrono::NaiveDateTime>,
        version: i64,
    }
}

crud!(swaps, Swap, SwapId, SwapRow, children: childless);

/// Which offers a list holds.
#[derive(Debug, Clone, Default)]
pub struct SwapFilter {
    /// Only in this state.
    pub status: Option<SwapStatus>,
    /// Only what this person gives, takes, or is free to take.
    pub concerning: Option<PersonId>,
}

list_by_id! {
    /// A page of offers, by id.
    swaps, Swap, SwapRow, SwapFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        use schema::swaps as t;
        use schema::stations;
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
        if let Some(person) = &filter.concerning {
            let own = t::giver.eq(person.as_str()).or(t::taker.assume_not_null().eq(person.as_str()));
            let open = t::taker.is_null().and(t::status.eq(SwapStatus::Offered.as_str()));
            query = match &page.visible {
                crate::domain::Visible::Everything => query.filter(own.or(open)),
                crate::domain::Visible::Subtrees(paths) => {
                    let seen = stations::table
                        .filter(stations::unit.eq_any(crate::db::units::visible_units!(paths)))
                        .select(stations::id);
                    query.filter(own.or(open.and(t::station.eq_any(seen))))
                }
            };
        } else {
            crate::db::units::only_visible!(query, page, station t::station);
        }
    }
}

/// The greatest number of an assignment that an offer of the schedule is bound to; 0 without any.
///
/// # Errors
/// Those of the connection.
pub fn last_seq(conn: &mut Connection, schedule: &ScheduleId) -> DbResult<i64> {
    use schema::swaps as t;

    let rows: Vec<(i64, Option<i64>)> = on!(conn, c => {
        t::table.filter(t::schedule.eq(schedule.as_str())).select((t::seq, t::return_seq)).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.into_iter().map(|(seq, returned)| seq.max(returned.unwrap_or(0))).max().unwrap_or(0))
}
