//! Shared resources with their hours, by id.

use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{Connection, DbResult, Tx, bulk, schema, units};
use crate::domain::{BaseKind, OpeningHours, Resource, ResourceId, ResourceKind, StationId, UnitId, Visible};

const KIND: &str = "resource";

record! {
    resources, Resource, ResourceRow {
        id: String,
        kind: String,
        name: String,
        unit: String,
        station: Option<String>,
        base_kind: Option<String>,
        capacity: Option<i64>,
        quantity: i64,
        withdrawn_from: Option<chrono::NaiveDate>,
        withdrawn_to: Option<chrono::NaiveDate>,
        version: i64,
    }
    besides { hours }
}

crud!(resources, Resource, ResourceId, ResourceRow, children: hours);

children! {
    hours: Resource.hours, of ResourceId,
    resource_hours by resource_id, 4 columns,
    read (resource_hours::day, resource_hours::start_minute, resource_hours::end_minute), as (String, i64, i64),
    |row| OpeningHours {
        day: restore(row.0, "resource_hours", "day")?,
        start_minute: restore(row.1, "resource_hours", "start_minute")?,
        end_minute: restore(row.2, "resource_hours", "end_minute")?,
    },
    write |resource, hours| (
        resource_hours::resource_id.eq(resource.id.store()),
        resource_hours::day.eq(hours.day.store()),
        resource_hours::start_minute.eq(hours.start_minute.store()),
        resource_hours::end_minute.eq(hours.end_minute.store()),
    )
}

/// The resource, which no other transaction books or lends until this one ends.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`] when somebody edits it
/// at the same moment.
pub fn lock(tx: &mut Tx<'_>, id: &ResourceId) -> DbResult<Resource> {
    let resource = get(tx, id)?;
    expect_version(tx, id, resource.version)?;
    Ok(resource)
}

/// The venues at some stations, by id.
///
/// # Errors
/// Those of the connection.
pub fn venues_at(conn: &mut Connection, stations: &[&str]) -> DbResult<Vec<Resource>> {
    use schema::resources as t;

    let mut found = Vec::new();
    for chunk in stations.chunks(IDS_PER_QUERY) {
        let rows: Vec<ResourceRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::kind.eq(ResourceKind::Venue.as_str()))
                .filter(t::station.eq_any(chunk))
                .select(ResourceRow::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows.into_iter().map(ResourceRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    hours::load(conn, &mut found)?;
    Ok(found)
}

/// Every venue that serves as a base of a kind, as far as a reader sees them, by id.
///
/// # Errors
/// Those of the connection.
pub fn bases(conn: &mut Connection, kind: BaseKind, visible: &Visible) -> DbResult<Vec<Resource>> {
    let filter = ResourceFilter { kind: Some(ResourceKind::Venue), base_kind: Some(kind), ..ResourceFilter::default() };
    bulk::every_visible(conn, visible, |conn, page| list(conn, &filter, page))
}

/// Which resources a list holds.
#[derive(Debug, Clone, Default)]
pub struct ResourceFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this kind.
    pub kind: Option<ResourceKind>,
    /// Only this kind of base.
    pub base_kind: Option<BaseKind>,
    /// Only at this station.
    pub station: Option<StationId>,
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of resources, by id.
    resources, Resource, ResourceRow, ResourceFilter, children: hours,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        if let Visible::Subtrees(paths) = &page.visible {
            use schema::{resource_loans, resources, units as places};
            let above = places::table
                .filter(places::path.eq_any(units::paths_above(paths)))
                .select(places::id);
            let lent = resource_loans::table
                .filter(resource_loans::unit.eq_any(units::visible_units!(paths)))
                .select(resource_loans::resource);
            query = query.filter(
                resources::unit
                    .eq_any(units::visible_units!(paths))
                    .or(resources::unit.eq_any(above))
                    .or(resources::id.eq_any(lent)),
            );
        }
        if let Some(range) = &range {
            query = query.filter(schema::resources::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(schema::resources::kind.eq(kind.as_str()));
        }
        if let Some(base) = filter.base_kind {
            query = query.filter(schema::resources::base_kind.eq(base.as_str()));
        }
        if let Some(station) = &filter.station {
            query = query.filter(schema::resources::station.eq(station.as_str()));
        }
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::resources::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}
