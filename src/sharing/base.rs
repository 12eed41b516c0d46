//! Which base an activity is held at when nobody names one: the nearest that can be had.

use std::collections::HashMap;

use super::booking::{Author, Wanted, clash, holds, is_free, is_open, is_usable, referenced, right};
use crate::cases::working_days;
use crate::db::{Connection, DbError, DbResult, Tx, bookings, bulk, resource_loans, resources, units};
use crate::domain::{
    BaseKind, Booking, BookingSource, Resource, ResourceId, ResourceLoan, Station, UnitId, UnitLevel, Visible,
};

/// When an activity takes place, whose it is and for how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Kind of base.
    pub base_kind: BaseKind,
    /// Unit that holds it.
    pub unit: UnitId,
    /// Date.
    pub date: chrono::NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// People expected.
    pub participants: u32,
}

/// A base, and what is known of it on the day.
#[derive(Debug, Clone)]
struct Base {
    venue: Resource,
    station: Station,
    /// Path of the station's unit.
    place: String,
    /// Path of the owner's unit.
    owner: String,
    /// Its loans that cover the day.
    loans: Vec<ResourceLoan>,
    /// Its bookings that stand on the day.
    day: Vec<Booking>,
}

/// What is looked for.
#[derive(Debug, Clone)]
struct Sought {
    /// The booking that it would be, of whichever base.
    booking: Booking,
    people: u32,
    /// Whether the day is off, for hours.
    is_off: bool,
    /// Path of the unit.
    user: String,
    /// Path of the unit's street, when it lies in one or is one.
    street: Option<String>,
    /// Base that is kept if it can be had.
    present: Option<ResourceId>,
}

/// Why a base cannot be had: the first of these that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bar {
    NotOurs,
    TooSmall,
    Withdrawn,
    Shut,
    Taken,
}

/// The venue for an occasion among those that a reader sees and the unit may use: free and open at that time, not
/// withdrawn, large enough. `present` is kept if it is one of them. Otherwise a station of the unit comes first, then one
/// of its street, then the smallest that is large enough, then the id.
///
/// # Errors
/// [`DbError::Conflict`] of kind clash when none can be had, with how many there are and what stands in the way.
pub fn choose(
    tx: &mut Tx<'_>,
    occasion: &Occasion,
    present: Option<&ResourceId>,
    visible: &Visible,
    by: Author<'_>,
) -> DbResult<Resource> {
    let venues = resources::bases(tx, occasion.base_kind, visible)?;
    let Some(first) = venues.first() else {
        return Err(clash("there is no base of that kind; add a venue with that baseKind, or ask for a loan"));
    };
    let wanted = Wanted {
        resource: first.id.clone(),
        unit: occasion.unit.clone(),
        date: occasion.date,
        start_minute: occasion.start_minute,
        end_minute: occasion.end_minute,
        quantity: 1,
        people: Some(occasion.participants),
        purpose: String::new(),
        activity: None,
        reception: None,
        source: BookingSource::Manual,
    };
    let sought = Sought {
        booking: wanted.booking(by),
        people: occasion.participants,
        is_off: !working_days(tx, occasion.date)?.is_working(occasion.date),
        user: referenced(units::path(tx, &occasion.unit))?,
        street: street_of(tx, &occasion.unit)?,
        present: present.cloned(),
    };
    let bases = known(tx, venues, &sought)?;
    nearest(&bases, &sought).map(|base| base.venue.clone()).map_err(|bars| none_of(&bars))
}

fn street_of(conn: &mut Connection, unit: &UnitId) -> DbResult<Option<String>> {
    let line = units::with_ancestors(conn, &[unit.as_str()])?;
    let street = line.iter().find(|unit| unit.level == UnitLevel::Street);
    street.map(|street| units::path(conn, &street.id)).transpose()
}

/// The venues with what is known of them, with a few queries for all.
fn known(conn: &mut Connection, venues: Vec<Resource>, sought: &Sought) -> DbResult<Vec<Base>> {
    let date = sought.booking.date;
    let ids: Vec<&str> = venues.iter().map(|venue| venue.id.as_str()).collect();
    let loans = resource_loans::of_resources_on(conn, &ids, date)?;
    let day = bookings::standing_of(conn, &ids, date, date)?;
    let places: Vec<&str> = venues.iter().filter_map(|venue| Some(venue.station.as_ref()?.as_str())).collect();
    let stations: HashMap<String, Station> =
        bulk::stations_of(conn, &places)?.into_iter().map(|station| (station.id.to_string(), station)).collect();
    let owners = venues.iter().map(|venue| venue.unit.as_str());
    let named: Vec<&str> = owners.chain(stations.values().map(|station| station.unit.as_str())).collect();
    let paths = units::paths(conn, &named)?;
    let path_of = |unit: &UnitId| paths.get(unit.as_str()).cloned();
    let base = |venue: Resource| {
        let station = stations.get(venue.station.as_ref()?.as_str())?.clone();
        Some(Base {
            place: path_of(&station.unit)?,
            owner: path_of(&venue.unit)?,
            loans: loans.iter().filter(|loan| loan.resource == venue.id).cloned().collect(),
            day: day.iter().filter(|booking| booking.resource == venue.id).cloned().collect(),
            venue,
            station,
        })
    };
    Ok(venues.into_iter().filter_map(base).collect())
}

/// The base to be had that comes first, or why each cannot be had.
fn nearest<'a>(bases: &'a [Base], sought: &Sought) -> Result<&'a Base, Vec<Bar>> {
    let rank = |base: &'a Base| {
        let is_other = sought.present.as_ref() != Some(&base.venue.id);
        (is_other, distance(base, sought), base.venue.capacity.unwrap_or(u32::MAX), &base.venue.id)
    };
    let free = bases.iter().filter(|base| bar(base, sought).is_none());
    free.min_by_key(|base| rank(base)).ok_or_else(|| bases.iter().filter_map(|base| bar(base, sought)).collect())
}

/// 0 at a station of the unit itself, 1 in its street, 2 elsewhere.
fn distance(base: &Base, sought: &Sought) -> u8 {
    if base.place == sought.user {
        0
    } else if sought.street.as_ref().is_some_and(|street| base.place.starts_with(street)) {
        1
    } else {
        2
    }
}

fn bar(base: &Base, sought: &Sought) -> Option<Bar> {
    let (venue, booking) = (&base.venue, &sought.booking);
    let span = [booking.start_minute, booking.end_minute];
    if right(venue, booking, &base.loans, [&sought.user, &base.owner]).is_err() {
        Some(Bar::NotOurs)
    } else if !holds(venue, sought.people) {
        Some(Bar::TooSmall)
    } else if venue.is_withdrawn_on(booking.date) {
        Some(Bar::Withdrawn)
    } else if !is_usable(venue, booking, sought.is_off) || !is_open(&base.station, booking.date, span, sought.is_off) {
        Some(Bar::Shut)
    } else if !is_free(venue, booking, &base.day) {
        Some(Bar::Taken)
    } else {
        None
    }
}

fn none_of(bars: &[Bar]) -> DbError {
    let count = |wanted: Bar| bars.iter().filter(|bar| **bar == wanted).count();
    clash(format!(
        "no base can be had: of {} of that kind {} are not the unit's to use, {} too small, {} withdrawn, {} closed and \
         {} taken then; choose another time, invite fewer or ask for a loan",
        bars.len(),
        count(Bar::NotOurs),
        count(Bar::TooSmall),
        count(Bar::Withdrawn),
        count(Bar::Shut),
        count(Bar::Taken),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        BookingId, BookingStatus, HoursDay, LoanId, OpeningHours, ResourceKind, StationId, StationKind,
    };

    const STREET: &str = "220100000000/220102001000/";
    const US: &str = "220102001001";
    const NEIGHBOUR: &str = "220102001002";

    fn path(unit: &str) -> String {
        format!("{STREET}{unit}/")
    }

    fn unit(code: &str) -> UnitId {
        UnitId::parse(code).unwrap()
    }

    /// A base of a community of the street, for 40 people, open at any time.
    fn base(id: &str, of: &str) -> Base {
        Base {
            venue: Resource {
                id: ResourceId::parse(id).unwrap(),
                kind: ResourceKind::Venue,
                name: id.to_owned(),
                unit: unit("220102001000"),
                station: Some(StationId::parse(id).unwrap()),
                base_kind: Some(BaseKind::Health),
                capacity: Some(40),
                quantity: 1,
                withdrawn_from: None,
                withdrawn_to: None,
                hours: Vec::new(),
                version: 1,
            },
            station: Station {
                id: StationId::parse(id).unwrap(),
                unit: unit(of),
                name: id.to_owned(),
                kind: StationKind::ServiceBase,
                location: None,
                always_open: true,
                hours: Vec::new(),
                version: 1,
            },
            place: path(of),
            owner: STREET.to_owned(),
            loans: Vec::new(),
            day: Vec::new(),
        }
    }

    fn booking(id: &str, start_minute: u16, end_minute: u16) -> Booking {
        Booking {
            id: BookingId::parse(id).unwrap(),
            resource: ResourceId::parse("rs").unwrap(),
            unit: unit(US),
            date: "2026-12-02".parse().unwrap(),
            start_minute,
            end_minute,
            quantity: 1,
            purpose: "健康讲座".to_owned(),
            activity: None,
            reception: None,
            source: BookingSource::Manual,
            status: BookingStatus::Booked,
            version: 1,
        }
    }

    /// Thirty people of a community, on Wednesday from nine to eleven.
    fn sought() -> Sought {
        Sought {
            booking: booking("bo", 540, 660),
            people: 30,
            is_off: false,
            user: path(US),
            street: Some(STREET.to_owned()),
            present: None,
        }
    }

    fn chosen(bases: &[Base], sought: &Sought) -> String {
        nearest(bases, sought).unwrap().venue.id.to_string()
    }

    #[test]
    fn ones_own_station_comes_first_then_the_street_then_the_smallest_then_the_id() {
        let with = |capacity, base: Base| Base { venue: Resource { capacity, ..base.venue.clone() }, ..base };
        let mut far = with(Some(30), base("a", "220102001000"));
        far.place = "220100000000/220102002000/".to_owned();
        let mut bases = vec![far, with(None, base("b", NEIGHBOUR)), with(Some(90), base("c", NEIGHBOUR))];
        assert_eq!(chosen(&bases, &sought()), "c", "one that says how many fit before one that does not");
        bases.push(base("e", NEIGHBOUR));
        bases.push(base("d", NEIGHBOUR));
        assert_eq!(chosen(&bases, &sought()), "d");
        bases.push(with(Some(500), base("own", US)));
        assert_eq!(chosen(&bases, &sought()), "own");
        bases.reverse();
        assert_eq!(chosen(&bases, &sought()), "own", "whatever the order");
        let above = Sought { user: "220100000000/".to_owned(), street: None, ..sought() };
        assert_eq!(chosen(&bases, &above), "a", "a city has no street: the smallest");
    }

    #[test]
    fn the_present_one_stays_unless_it_cannot_be_had() {
        let mut bases = vec![base("far", NEIGHBOUR), base("own", US)];
        let sought = Sought { present: Some(ResourceId::parse("far").unwrap()), ..sought() };
        assert_eq!(chosen(&bases, &sought), "far");
        bases[0].venue.withdrawn_from = Some(sought.booking.date);
        assert_eq!(chosen(&bases, &sought), "own");
    }

    #[test]
    fn each_thing_that_stands_in_the_way_is_counted_once() {
        use Bar::{NotOurs, Shut, Taken, TooSmall, Withdrawn};

        let mut bases: Vec<Base> = ["a", "b", "c", "d", "e", "f", "g"].map(|id| base(id, US)).into();
        bases[0].owner = "220100000000/220102002000/".to_owned();
        bases[0].venue.capacity = Some(1);
        bases[1].venue.capacity = Some(29);
        bases[2].venue.withdrawn_from = Some("2026-12-01".parse().unwrap());
        let afternoon = OpeningHours { day: HoursDay::Wednesday, start_minute: 840, end_minute: 1020 };
        bases[3].venue.hours = vec![afternoon];
        bases[4].station.always_open = false;
        bases[4].station.hours = vec![afternoon];
        bases[5].day = vec![booking("o", 600, 720)];
        bases[6].loans = vec![ResourceLoan {
            id: LoanId::parse("lo").unwrap(),
            resource: bases[6].venue.id.clone(),
            unit: unit(NEIGHBOUR),
            from_date: "2026-12-01".parse().unwrap(),
            to_date: "2026-12-05".parse().unwrap(),
            quantity: 1,
            version: 1,
        }];
        let bars = nearest(&bases, &sought()).unwrap_err();
        assert_eq!(bars, [NotOurs, TooSmall, Withdrawn, Shut, Shut, Taken, NotOurs]);
        let told = none_of(&bars).to_string();
        assert!(
            told.contains("of 7 of that kind 2 are not the unit's to use, 1 too small, 1 withdrawn, 2 closed"),
            "{told}"
        );
        bases[6].loans[0].unit = unit(US);
        assert_eq!(chosen(&bases, &sought()), "g", "lent to us");
        bases[5].day = vec![booking("o", 660, 720)];
        assert_eq!(chosen(&bases, &sought()), "f", "the next one begins when this one ends");
    }
}
