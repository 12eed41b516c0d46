//! Stations with their opening hours, by id.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{Connection, DbResult, schema, units};
use crate::domain::{OpeningHours, Station, StationKind, UnitId};

const KIND: &str = "station";

record! {
    stations, Station, StationRow {
        id: String,
        unit: String,
        name: String,
        kind: String,
        always_open: bool,
        version: i64,
    }
    located location
    besides { hours }
}

crud!(stations, Station, StationId, StationRow, children: hours);

children! {
    hours: Station.hours, of StationId,
    station_hours by station_id, 4 columns,
    read (station_hours::day, station_hours::start_minute, station_hours::end_minute), as (String, i64, i64),
    |row| OpeningHours {
        day: restore(row.0, "station_hours", "day")?,
        start_minute: restore(row.1, "station_hours", "start_minute")?,
        end_minute: restore(row.2, "station_hours", "end_minute")?,
    },
    write |station, hours| (
        station_hours::station_id.eq(station.id.store()),
        station_hours::day.eq(hours.day.store()),
        station_hours::start_minute.eq(hours.start_minute.store()),
        station_hours::end_minute.eq(hours.end_minute.store()),
    )
}

/// Which stations a list holds.
#[derive(Debug, Clone, Default)]
pub struct StationFilter {
    /// Only stations of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this kind.
    pub kind: Option<StationKind>,
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of stations, by id.
    stations, Station, StationRow, StationFilter, children: hours,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        crate::db::units::only_visible!(query, page, unit schema::stations::unit);
        if let Some(range) = &range {
            query = query.filter(schema::stations::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(schema::stations::kind.eq(kind.as_str()));
        }
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::stations::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}

/// Where a station belongs and lies.
#[derive(Debug, Clone)]
pub struct Place {
    /// Id.
    pub id: String,
    /// Unit.
    pub unit: String,
    /// Degrees north and east, when known.
    pub at: Option<(f64, f64)>,
}

/// Where every station of the subtree belongs and lies.
///
/// # Errors
/// [`DbError::NotFound`] when the unit does not exist.
pub fn places_within(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<Place>> {
    use schema::stations as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<(String, String, Option<f64>, Option<f64>)> = on!(&mut *conn, c => {
        t::table
            .filter(t::unit.eq_any(units::ids_within!(range)))
            .order(t::id)
            .select((t::id, t::unit, t::latitude, t::longitude))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.into_iter().map(|(id, unit, north, east)| Place { id, unit, at: north.zip(east) }).collect())
}
