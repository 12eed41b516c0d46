//! What rosters decide about receptions, by schedule and reception.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::decisions::{decisions, written};
use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::{Connection, DbResult, Tx};
use crate::domain::{PlannedReception, ScheduleId};

const KIND: &str = "planned reception";

decisions! {
    planned_receptions, PlannedReception {
        schedule: String => schedule,
        reception_id: String => reception,
        reception_version: i64 => reception_version,
        held: bool => is_held,
        date: Option<NaiveDate> => date,
        start_minute: Option<i64> => start_minute,
        end_minute: Option<i64> => end_minute,
        host: Option<String> => host,
        venue: Option<String> => venue,
        reason_zh: String => reason_zh,
        reason_en: String => reason_en,
        carried_out: bool => is_carried_out,
        former: Option<String> => former,
    }
    besides deputies,
    by reception_id => reception, narrowed by held: bool, children: deputies
}

written!(planned_receptions, PlannedReception by reception_id, reception_version);

mod deputies {
    use std::collections::HashMap;

    use diesel::prelude::*;

    use super::{Connection, DbError, DbResult, IDS_PER_QUERY, KIND, PlannedReception, Tx, Verb, on};
    use crate::db::dialect::rows_per_insert;
    use crate::db::record::{Stored as _, restore};
    use crate::db::schema::planned_reception_deputies as d;

    /// Expects the decisions of a schedule to stand together.
    pub(super) fn load(conn: &mut Connection, planned: &mut [PlannedReception]) -> DbResult<()> {
        for planned in planned.chunk_by_mut(|one, other| one.schedule == other.schedule) {
            let Some(schedule) = planned.first().map(|first| first.schedule.clone()) else { continue };
            let mut deputies: HashMap<String, Vec<String>> = HashMap::new();
            let receptions: Vec<&str> = planned.iter().map(|planned| planned.reception.as_str()).collect();
            for chunk in receptions.chunks(IDS_PER_QUERY) {
                let rows: Vec<(String, String)> = on!(&mut *conn, c => {
                    d::table
                        .filter(d::schedule.eq(schedule.as_str()))
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
        }
        Ok(())
    }

    pub(super) fn save(tx: &mut Tx<'_>, planned: &[PlannedReception]) -> DbResult<()> {
        let rows: Vec<_> = planned
            .iter()
            .flat_map(|planned| planned.deputies.iter().map(move |person| (planned, person)))
            .map(|(planned, person)| {
                (
                    d::schedule.eq(planned.schedule.store()),
                    d::reception_id.eq(planned.reception.store()),
                    d::person_id.eq(person.store()),
                )
            })
            .collect();
        for chunk in rows.chunks(rows_per_insert(3)) {
            on!(&mut **tx, c => diesel::insert_into(d::table).values(chunk).execute(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
        }
        Ok(())
    }
}
