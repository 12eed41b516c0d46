//! Rules that somebody broke by hand, by id, which is their order in time.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::{ScheduleId, ScheduleOverride};

const KIND: &str = "override";

record! {
    schedule_overrides, ScheduleOverride, OverrideRow {
        id: String,
        schedule: String,
        seq: i64,
        person: String,
        post: String,
        rule: String,
        detail_zh: String,
        detail_en: String,
        reason: String,
        actor: String,
        at: chrono::NaiveDateTime,
        version: i64,
    }
}

crud!(schedule_overrides, ScheduleOverride, OverrideId, OverrideRow, children: childless);

/// Which overrides a list holds.
#[derive(Debug, Clone, Default)]
pub struct OverrideFilter {
    /// Only of this schedule.
    pub schedule: Option<ScheduleId>,
}

list_by_id! {
    /// A page of overrides, by id.
    schedule_overrides, ScheduleOverride, OverrideRow, OverrideFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(schedule) = &filter.schedule {
            query = query.filter(schema::schedule_overrides::schedule.eq(schedule.as_str()));
        }
    }
}
