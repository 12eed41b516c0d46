//! One calendar for every resource: a booking is made only where nobody else has it and there is enough of it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::cases::working_days;
use crate::db::{ConflictKind, DbError, DbResult, Tx, bookings, resource_events, resource_loans, resources, units};
use crate::domain::expand::{DatedDay, local_minute, opening_spans};
use crate::domain::{
    ActivityId, Booking, BookingId, BookingSource, BookingStatus, Entropy, Fault, OpeningHours, ReceptionId, Resource,
    ResourceEvent, ResourceEventId, ResourceEventKind, ResourceId, ResourceLoan, Station, StationId, StationKind,
    UnitId,
};

/// What somebody wants to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub resource: ResourceId,
    /// Unit that uses it.
    pub unit: UnitId,
    /// Date.
    pub date: NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// How much of it.
    pub quantity: u32,
    /// People who come, for a venue.
    pub people: Option<u32>,
    /// What for.
    pub purpose: String,
    /// Activity that needs it.
    pub activity: Option<ActivityId>,
    /// Reception that needs it.
    pub reception: Option<ReceptionId>,
    /// Who asks.
    pub source: BookingSource,
}

impl Wanted {
    /// The booking that it would be.
    pub(super) fn booking(&self, by: Author<'_>) -> Booking {
        Booking {
            id: BookingId::fresh(by.now, by.entropy),
            resource: self.resource.clone(),
            unit: self.unit.clone(),
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            quantity: self.quantity,
            purpose: self.purpose.clone(),
            activity: self.activity.clone(),
            reception: self.reception.clone(),
            source: self.source,
            status: BookingStatus::Booked,
            version: 1,
        }
    }
}

/// Who changes something, and when.
#[derive(Clone, Copy)]
pub struct Author<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// Makes ids.
    pub entropy: &'a dyn Entropy,
}

/// Books a resource.
///
/// # Errors
/// [`DbError::Conflict`] of kind clash when somebody else has it, it is withdrawn, lent to others or not enough, and of
/// a missing reference when it does not exist; [`DbError::Invalid`] outside its hours or above its capacity.
pub fn book(tx: &mut Tx<'_>, wanted: &Wanted, by: Author<'_>) -> DbResult<Booking> {
    let resource = referenced(resources::lock(tx, &wanted.resource))?;
    let booking = wanted.booking(by);
    check_values(tx, &resource, &booking, wanted.people)?;
    check_right(tx, &resource, &booking)?;
    check_free(tx, &resource, &booking)?;
    bookings::insert(tx, &booking)?;
    Ok(booking)
}

pub(super) fn referenced<T>(found: DbResult<T>) -> DbResult<T> {
    found.map_err(|error| match error {
        DbError::NotFound { kind, id } => DbError::conflict(
            kind,
            ConflictKind::MissingReference,
            format!("{kind} {id} does not exist; create it first or correct the id"),
        ),
        other => other,
    })
}

/// A clash with its reason.
pub(super) fn clash(detail: impl Into<String>) -> DbError {
    DbError::conflict("booking", ConflictKind::Clash, detail)
}

fn check_values(tx: &mut Tx<'_>, resource: &Resource, booking: &Booking, people: Option<u32>) -> DbResult<()> {
    let mut faults = crate::domain::Check::faults(booking);
    if let (Some(people), Some(capacity)) = (people, resource.capacity)
        && !holds(resource, people)
    {
        faults.push(Fault::new(
            "over-capacity",
            "/participants",
            format!("{people} people come, and {} holds {capacity} (H11)", resource.name),
            "choose a larger venue or invite fewer",
        ));
    }
    let is_off = !resource.hours.is_empty() && !working_days(tx, booking.date)?.is_working(booking.date);
    if !is_usable(resource, booking, is_off) {
        faults.push(Fault::new(
            "outside-hours",
            "/startMinute",
            format!("{} cannot be used at that time of {} (H12)", resource.name, booking.date),
            "choose a time within its hours",
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(DbError::Invalid { kind: "booking", id: booking.id.as_str().to_owned(), faults })
    }
}

/// Whether so many people fit in; where nobody has said how many do, any number.
pub(super) fn holds(resource: &Resource, people: u32) -> bool {
    resource.capacity.is_none_or(|capacity| people <= capacity)
}

/// Whether the resource's own hours hold the booking's time, on a day that is off or not.
pub(super) fn is_usable(resource: &Resource, booking: &Booking, is_off: bool) -> bool {
    resource.hours.is_empty()
        || hours_cover(&resource.hours, booking.date, is_off, booking.start_minute, booking.end_minute)
}

/// Whether a station is open from one minute to another of a day that is off or not.
pub(super) fn is_open(station: &Station, date: NaiveDate, [start, end]: [u16; 2], is_off: bool) -> bool {
    station.always_open || hours_cover(&station.hours, date, is_off, start, end)
}

/// Whether hours of a day hold a span without a gap.
fn hours_cover(hours: &[OpeningHours], date: NaiveDate, is_off: bool, start: u16, end: u16) -> bool {
    let Ok(id) = StationId::parse("hours") else { return false };
    let Ok(unit) = UnitId::parse("000000000000") else { return false };
    // The rules of opening hours are those of stations.
    let place = Station {
        id,
        unit,
        name: String::new(),
        kind: StationKind::ServiceBase,
        location: None,
        always_open: false,
        hours: hours.to_vec(),
        version: 1,
    };
    let spans = opening_spans(&place, &[DatedDay { date, is_off, is_published: true }]).unwrap_or_default();
    let (start, end) = (local_minute(date, start), local_minute(date, end));
    spans.iter().any(|span| span.start <= start && end <= span.end)
}

/// Why a unit may not use a resource on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRight {
    /// It is the unit's to use, and lent to another.
    LentAway,
    /// It belongs to others, who have not lent it.
    NotLent,
}

/// Whether a unit may use so much of a resource on a day: the owner and those above and below it, unless it is lent
/// away; others by a loan. `loans` are those of the resource, the paths those of the unit and of the owner.
pub(super) fn right(
    resource: &Resource,
    booking: &Booking,
    loans: &[ResourceLoan],
    [user, owner]: [&str; 2],
) -> Result<(), NoRight> {
    let is_above_user = |unit: &UnitId| user.split('/').any(|part| part == unit.as_str());
    let on_day = || loans.iter().filter(|loan| loan.covers(booking.date));
    let lent_to_us: u32 = on_day().filter(|loan| is_above_user(&loan.unit)).map(|loan| loan.quantity).sum();
    if lent_to_us >= booking.quantity {
        return Ok(());
    }
    if !user.starts_with(owner) && !owner.starts_with(user) {
        return Err(NoRight::NotLent);
    }
    let lent_away: u32 = on_day().map(|loan| loan.quantity).sum::<u32>() - lent_to_us;
    if resource.quantity.saturating_sub(lent_away) >= booking.quantity { Ok(()) } else { Err(NoRight::LentAway) }
}

fn check_right(tx: &mut Tx<'_>, resource: &Resource, booking: &Booking) -> DbResult<()> {
    let loans = resource_loans::of_resource(tx, &resource.id)?;
    let user = referenced(units::path(tx, &booking.unit))?;
    let owner = units::path(tx, &resource.unit)?;
    right(resource, booking, &loans, [&user, &owner]).map_err(|none| {
        clash(match none {
            NoRight::LentAway => format!(
                "{} is lent to another unit on {}; choose another day or another resource",
                resource.name, booking.date
            ),
            NoRight::NotLent => format!(
                "{} belongs to {}, which has not lent it to {} for {}; ask for a loan first",
                resource.name, resource.unit, booking.unit, booking.date
            ),
        })
    })
}

/// Whether there is enough of it besides what stands on that day.
pub(super) fn is_free(resource: &Resource, booking: &Booking, day: &[Booking]) -> bool {
    most_at_once(day, booking) + u64::from(booking.quantity) <= u64::from(resource.quantity)
}

fn check_free(tx: &mut Tx<'_>, resource: &Resource, booking: &Booking) -> DbResult<()> {
    if resource.is_withdrawn_on(booking.date) {
        return Err(clash(format!("{} is withdrawn on {}; choose another", resource.name, booking.date)));
    }
    if resource.kind.is_used_up() {
        let used = bookings::used_up(tx, &resource.id)?;
        let left = u64::from(resource.quantity).saturating_sub(used);
        if u64::from(booking.quantity) > left {
            return Err(clash(format!(
                "of {} only {left} are left, and {} are wanted; book less or replenish it",
                resource.name, booking.quantity
            )));
        }
        return Ok(());
    }
    let day = bookings::standing(tx, &resource.id, booking.date, Some(booking.date))?;
    if !is_free(resource, booking, &day) {
        let whose = day.iter().find(|other| other.overlaps(booking)).map_or("", |other| other.purpose.as_str());
        return Err(clash(format!(
            "{} is taken on {} at that time ({whose}); choose another time or another resource",
            resource.name, booking.date
        )));
    }
    Ok(())
}

/// The most that others use at any moment of the wanted time: it can only rise when one of them begins.
fn most_at_once(others: &[Booking], wanted: &Booking) -> u64 {
    let overlapping: Vec<&Booking> = others.iter().filter(|other| other.overlaps(wanted)).collect();
    let begins = overlapping.iter().map(|other| other.start_minute.max(wanted.start_minute));
    begins
        .map(|minute| {
            overlapping
                .iter()
                .filter(|other| other.start_minute <= minute && minute < other.end_minute)
                .map(|other| u64::from(other.quantity))
                .sum()
        })
        .max()
        .unwrap_or(0)
}

/// Gives up a booking, and records that its time is free.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it does not stand, or when an activity or
/// reception needs it.
pub fn release(tx: &mut Tx<'_>, id: &BookingId, version: i64, reason: &str, by: Author<'_>) -> DbResult<Booking> {
    let mut booking = bookings::get(tx, id)?;
    booking.version = version;
    if booking.status != BookingStatus::Booked {
        return Err(DbError::conflict(
            "booking",
            ConflictKind::State,
            format!("the booking is {}; only one that stands can be given up", booking.status),
        ));
    }
    if booking.activity.is_some() || booking.reception.is_some() {
        return Err(DbError::conflict(
            "booking",
            ConflictKind::State,
            "an activity or a reception needs it; cancel or move that instead",
        ));
    }
    drop_booking(tx, booking, reason, by)
}

/// Gives up a booking whoever needs it.
pub(crate) fn drop_booking(tx: &mut Tx<'_>, mut booking: Booking, reason: &str, by: Author<'_>) -> DbResult<Booking> {
    booking.status = BookingStatus::Cancelled;
    booking.version = bookings::update(tx, &booking)?;
    let event = ResourceEvent {
        id: ResourceEventId::fresh(by.now, by.entropy),
        at: by.now,
        kind: ResourceEventKind::Released,
        resource: booking.resource.clone(),
        booking: Some(booking.id.clone()),
        from_date: booking.date,
        to_date: Some(booking.date),
        actor: by.actor.to_owned(),
        reason: reason.to_owned(),
    };
    resource_events::insert_many(tx, &[event])?;
    Ok(booking)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(start_minute: u16, end_minute: u16, quantity: u32) -> Booking {
        Booking {
            id: BookingId::parse("bo-1").unwrap(),
            resource: ResourceId::parse("rs-1").unwrap(),
            unit: UnitId::parse("220102001001").unwrap(),
            date: "2026-12-01".parse().unwrap(),
            start_minute,
            end_minute,
            quantity,
            purpose: "x".to_owned(),
            activity: None,
            reception: None,
            source: BookingSource::Manual,
            status: BookingStatus::Booked,
            version: 1,
        }
    }

    #[test]
    fn the_most_at_once_counts_only_what_is_used_together() {
        let others = [booking(540, 600, 2), booking(600, 660, 3), booking(630, 700, 1), booking(700, 800, 9)];
        assert_eq!(most_at_once(&others, &booking(540, 700, 1)), 4);
        assert_eq!(most_at_once(&others, &booking(540, 600, 1)), 2);
        assert_eq!(most_at_once(&others, &booking(800, 900, 1)), 0);
    }
}
