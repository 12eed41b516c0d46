//! Activities with what they use, by id.

use diesel::prelude::*;

use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{DbResult, schema, units};
use crate::domain::{Activity, ActivityItem, ActivityStatus, BaseKind, BookingStatus, UnitId};

const KIND: &str = "activity";

record! {
    activities, Activity, ActivityRow {
        id: String,
        name: String,
        base_kind: String,
        unit: String,
        venue: String,
        station: String,
        date: chrono::NaiveDate,
        start_minute: i64,
        end_minute: i64,
        participants: i64,
        skill: Option<String>,
        min_heads: i64,
        target_heads: i64,
        max_heads: i64,
        project: Option<String>,
        post: String,
        status: String,
        version: i64,
    }
    besides { items, venue_lost }
}

crud!(activities, Activity, ActivityId, ActivityRow, children: parts);

children! {
    items: Activity.items, of ActivityId,
    activity_items by activity_id, 3 columns,
    read (activity_items::resource_id, activity_items::quantity), as (String, i64),
    |row| ActivityItem {
        resource: restore(row.0, "activity_items", "resource_id")?,
        quantity: restore(row.1, "activity_items", "quantity")?,
    },
    write |activity, item| (
        activity_items::activity_id.eq(activity.id.store()),
        activity_items::resource_id.eq(item.resource.store()),
        activity_items::quantity.eq(item.quantity.store()),
    )
}

/// What an activity is besides its row: what it uses, and whether its venue is still its own.
mod parts {
    use std::collections::HashSet;

    use chrono::NaiveDate;
    use diesel::prelude::*;

    pub(in crate::db) use super::items::{clear, save};
    use super::{Activity, ActivityStatus, BookingStatus, DbResult, items, schema};
    use crate::db::Connection;
    use crate::db::dialect::{IDS_PER_QUERY, on};
    use crate::db::error::{DbError, Verb};

    /// Activity, venue, date, first minute and first after the end.
    type Held = (String, String, NaiveDate, i64, i64);

    pub(in crate::db) fn load(conn: &mut Connection, entities: &mut [Activity]) -> DbResult<()> {
        use schema::bookings as t;

        items::load(conn, entities)?;
        for chunk in entities.chunks_mut(IDS_PER_QUERY) {
            let ids: Vec<&str> = chunk.iter().map(|activity| activity.id.as_str()).collect();
            let rows: Vec<(Option<String>, String, NaiveDate, i64, i64)> = on!(&mut *conn, c => {
                t::table
                    .filter(t::activity.eq_any(&ids).and(t::status.eq(BookingStatus::Booked.as_str())))
                    .select((t::activity, t::resource, t::date, t::start_minute, t::end_minute))
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, "booking", Verb::Read))?;
            let held: HashSet<Held> = rows
                .into_iter()
                .filter_map(|(activity, venue, date, start, end)| Some((activity?, venue, date, start, end)))
                .collect();
            for activity in chunk {
                let wanted = (
                    activity.id.to_string(),
                    activity.venue.to_string(),
                    activity.date,
                    i64::from(activity.start_minute),
                    i64::from(activity.end_minute),
                );
                activity.venue_lost = activity.status == ActivityStatus::Planned && !held.contains(&wanted);
            }
        }
        Ok(())
    }
}

/// Which activities a list holds.
#[derive(Debug, Clone, Default)]
pub struct ActivityFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this kind of base.
    pub base_kind: Option<BaseKind>,
    /// Only this status.
    pub status: Option<ActivityStatus>,
    /// Only this date or later.
    pub from: Option<chrono::NaiveDate>,
    /// Only this date or earlier.
    pub to: Option<chrono::NaiveDate>,
}

list_by_id! {
    /// A page of activities, by id.
    activities, Activity, ActivityRow, ActivityFilter, children: parts,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        units::only_visible!(query, page, unit schema::activities::unit);
        if let Some(range) = &range {
            query = query.filter(schema::activities::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(base) = filter.base_kind {
            query = query.filter(schema::activities::base_kind.eq(base.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(schema::activities::status.eq(status.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(schema::activities::date.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(schema::activities::date.le(to));
        }
    }
}
