//! Changes of rosters in force outside planning, by id, which is their order in time.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::{ReplanEvent, ReplanKind, ScheduleId};

const KIND: &str = "replan event";

record! {
    replan_events, ReplanEvent, ReplanEventRow {
        id: String,
        kind: String,
        schedule: String,
        post: String,
        station: String,
        date: chrono::NaiveDate,
        start_minute: i64,
        person: String,
        reason: Option<String>,
        at: chrono::NaiveDateTime,
        version: i64,
    }
}

crud!(replan_events, ReplanEvent, ReplanEventId, ReplanEventRow, children: childless);

/// Which events a list holds.
#[derive(Debug, Clone, Default)]
pub struct ReplanEventFilter {
    /// Only of this schedule.
    pub schedule: Option<ScheduleId>,
    /// Only of this kind.
    pub kind: Option<ReplanKind>,
}

list_by_id! {
    /// A page of events, by id.
    replan_events, ReplanEvent, ReplanEventRow, ReplanEventFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        use schema::replan_events as t;
        crate::db::units::only_visible!(query, page, station t::station);
        if let Some(schedule) = &filter.schedule {
            query = query.filter(t::schedule.eq(schedule.as_str()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(t::kind.eq(kind.as_str()));
        }
    }
}
