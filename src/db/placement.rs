//! Where entities stand in the tree of units, which decides who may see and change them.

use std::collections::{BTreeSet, HashMap};

use super::{Connection, DbResult, bulk, people, resource_loans, resources, stations, units};
use crate::domain::{
    Activity, Availability, Booking, Case, CaseCategory, Channel, ConstraintProfile, Contract, DemandTemplate, Lending,
    Need, Person, PersonId, Post, Project, Quota, Reception, ReplanEvent, Resource, ResourceId, ResourceLoan, Schedule,
    Secondment, ShiftType, Skill, Station, StationId, Swap, Unit, UnitId, Visible, Visit,
};

/// What has a place in the tree.
pub trait Placed {
    /// The path of the unit that it belongs to; none for what belongs to the whole network.
    ///
    /// # Errors
    /// [`DbError::NotFound`](super::DbError::NotFound) when what it refers to does not exist.
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>>;

    /// Whether somebody who sees other units sees it all the same, as a borrower sees what has been lent.
    ///
    /// # Errors
    /// Those of the connection.
    fn is_shown_to(&self, _conn: &mut Connection, _visible: &Visible) -> DbResult<bool> {
        Ok(false)
    }
}

/// The path of a person's home unit.
///
/// # Errors
/// [`DbError::NotFound`](super::DbError::NotFound).
pub fn of_person(conn: &mut Connection, id: &PersonId) -> DbResult<Option<String>> {
    let person = people::get(conn, id)?;
    of_unit(conn, &person.home_unit)
}

/// The path of a station's unit.
///
/// # Errors
/// [`DbError::NotFound`](super::DbError::NotFound).
pub fn of_station(conn: &mut Connection, id: &StationId) -> DbResult<Option<String>> {
    let station = stations::get(conn, id)?;
    of_unit(conn, &station.unit)
}

/// The paths of stations' units, by station; stations that do not exist are left out.
///
/// # Errors
/// Those of the connection.
pub fn of_stations(conn: &mut Connection, ids: &[&str]) -> DbResult<HashMap<String, String>> {
    let stations = bulk::stations_of(conn, ids)?;
    let units: BTreeSet<&str> = stations.iter().map(|station| station.unit.as_str()).collect();
    let paths = units::paths(conn, &units.into_iter().collect::<Vec<_>>())?;
    let path_of = |station: &Station| Some((station.id.to_string(), paths.get(station.unit.as_str())?.clone()));
    Ok(stations.iter().filter_map(path_of).collect())
}

/// The path of the unit that owns a resource.
///
/// # Errors
/// [`DbError::NotFound`](super::DbError::NotFound).
pub fn of_resource(conn: &mut Connection, id: &ResourceId) -> DbResult<Option<String>> {
    let resource = resources::get(conn, id)?;
    of_unit(conn, &resource.unit)
}

/// The path of a unit.
///
/// # Errors
/// [`DbError::NotFound`](super::DbError::NotFound).
pub fn of_unit(conn: &mut Connection, id: &UnitId) -> DbResult<Option<String>> {
    units::path(conn, id).map(Some)
}

macro_rules! placed {
    ($($entity:ident by $place:ident $field:ident;)*) => {$(
        impl Placed for $entity {
            fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
                $place(conn, &self.$field)
            }
        }
    )*};
}

placed! {
    Unit by of_unit id;
    Station by of_unit unit;
    Schedule by of_unit unit;
    Person by of_unit home_unit;
    Availability by of_person person;
    Lending by of_person person;
    Secondment by of_person person;
    DemandTemplate by of_station station;
    Post by of_station station;
    Case by of_unit unit;
    Reception by of_station station;
    Visit by of_unit unit;
    Need by of_unit unit;
    Project by of_unit unit;
    Activity by of_unit unit;
    ReplanEvent by of_station station;
    Swap by of_station station;
}

macro_rules! unplaced {
    ($($entity:ident)*) => {$(
        impl Placed for $entity {
            fn path(&self, _conn: &mut Connection) -> DbResult<Option<String>> {
                Ok(None)
            }
        }
    )*};
}

unplaced! { Skill ShiftType Contract CaseCategory }

impl Placed for Quota {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        match (&self.person, &self.station) {
            (Some(person), _) => of_person(conn, person),
            (None, Some(station)) => of_station(conn, station),
            (None, None) => Ok(None),
        }
    }
}

/// Units use what is theirs, what belongs to those above them, and what has been lent to them.
impl Placed for Resource {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        of_unit(conn, &self.unit)
    }

    fn is_shown_to(&self, conn: &mut Connection, visible: &Visible) -> DbResult<bool> {
        if visible.touches(&units::path(conn, &self.unit)?) {
            return Ok(true);
        }
        for loan in resource_loans::of_resource(conn, &self.id)? {
            if visible.holds(&units::path(conn, &loan.unit)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A loan is the owner's to make and to end; the borrower sees it.
impl Placed for ResourceLoan {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        of_resource(conn, &self.resource)
    }

    fn is_shown_to(&self, conn: &mut Connection, visible: &Visible) -> DbResult<bool> {
        Ok(visible.holds(&units::path(conn, &self.unit)?))
    }
}

/// A booking is the user's to make and to give up; the owner sees it.
impl Placed for Booking {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        of_unit(conn, &self.unit)
    }

    fn is_shown_to(&self, conn: &mut Connection, visible: &Visible) -> DbResult<bool> {
        let owner = resources::get(conn, &self.resource)?.unit;
        Ok(visible.holds(&units::path(conn, &owner)?))
    }
}

impl Placed for ConstraintProfile {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        self.unit.as_ref().map_or(Ok(None), |unit| of_unit(conn, unit))
    }
}

impl Placed for Channel {
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>> {
        self.unit.as_ref().map_or(Ok(None), |unit| of_unit(conn, unit))
    }
}
