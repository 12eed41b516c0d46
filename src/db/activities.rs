//! Activities with what they use, by id.

use diesel::prelude::*;

use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{DbResult, schema, units};
use crate::domain::{Activity, ActivityItem, ActivityStatus, BaseKind, UnitId};

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
    besides { items }
}

crud!(activities, Activity, ActivityId, ActivityRow, children: items);

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
    activities, Activity, ActivityRow, ActivityFilter, children: items,
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
