//! Where entities stand in the tree of units, which decides who may see and change them.

use super::{Connection, DbResult, people, stations, units};
use crate::domain::{
    Availability, Channel, ConstraintProfile, Contract, DemandTemplate, Lending, Person, PersonId, Post, ReplanEvent,
    Schedule, Secondment, ShiftType, Skill, Station, StationId, Swap, Unit, UnitId,
};

/// What has a place in the tree.
pub trait Placed {
    /// The path of the unit that it belongs to; none for what belongs to the whole network.
    ///
    /// # Errors
    /// [`DbError::NotFound`](super::DbError::NotFound) when what it refers to does not exist.
    fn path(&self, conn: &mut Connection) -> DbResult<Option<String>>;
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

unplaced! { Skill ShiftType Contract }

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
