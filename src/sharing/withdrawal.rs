//! Withdrawing a resource: its bookings of those days lose it, nothing is dropped silently, and a replan can read what
//! happened.

use chrono::NaiveDate;

use super::booking::Author;
use crate::db::{DbError, DbResult, Tx, bookings, resource_events, resources};
use crate::domain::{
    Booking, BookingStatus, Fault, Resource, ResourceEvent, ResourceEventId, ResourceEventKind, ResourceId,
};

/// For which days, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// First day.
    pub from: NaiveDate,
    /// Last day; none for good.
    pub to: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Withdraws a resource and answers it with the bookings that lose it.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Invalid`] without a reason or for days gone by.
pub fn withdraw(
    tx: &mut Tx<'_>,
    id: &ResourceId,
    version: i64,
    withdrawal: &Withdrawal,
    by: Author<'_>,
) -> DbResult<(Resource, Vec<Booking>)> {
    let mut resource = resources::get(tx, id)?;
    resource.version = version;
    let today = crate::domain::local_date(by.now);
    let mut faults = reason_faults(&withdrawal.reason);
    if withdrawal.from < today {
        faults.push(Fault::new(
            "withdrawal-past",
            "/from",
            format!("{} is over", withdrawal.from),
            "give today or a later day",
        ));
    }
    if !faults.is_empty() {
        return Err(DbError::Invalid { kind: "resource", id: id.as_str().to_owned(), faults });
    }
    resource.withdrawn_from = Some(withdrawal.from);
    resource.withdrawn_to = withdrawal.to;
    resource.version = resources::update(tx, &resource)?;
    let mut displaced = bookings::standing(tx, id, withdrawal.from, withdrawal.to)?;
    let mut events = vec![event(&resource, ResourceEventKind::Withdrawn, None, withdrawal, by)];
    for booking in &mut displaced {
        booking.status = BookingStatus::Displaced;
        booking.version = bookings::update(tx, booking)?;
        events.push(event(&resource, ResourceEventKind::Withdrawn, Some(booking), withdrawal, by));
    }
    resource_events::insert_many(tx, &events)?;
    Ok((resource, displaced))
}

/// Takes a withdrawal back. Bookings that lost the resource stay displaced: their time may be taken by then.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it is not withdrawn.
pub fn restore(tx: &mut Tx<'_>, id: &ResourceId, version: i64, reason: &str, by: Author<'_>) -> DbResult<Resource> {
    let mut resource = resources::get(tx, id)?;
    resource.version = version;
    let faults = reason_faults(reason);
    if !faults.is_empty() {
        return Err(DbError::Invalid { kind: "resource", id: id.as_str().to_owned(), faults });
    }
    let Some(from) = resource.withdrawn_from else {
        return Err(DbError::conflict(
            "resource",
            crate::db::ConflictKind::State,
            "the resource is not withdrawn; there is nothing to restore",
        ));
    };
    let days = Withdrawal { from, to: resource.withdrawn_to, reason: reason.to_owned() };
    resource.withdrawn_from = None;
    resource.withdrawn_to = None;
    resource.version = resources::update(tx, &resource)?;
    resource_events::insert_many(tx, &[event(&resource, ResourceEventKind::Restored, None, &days, by)])?;
    Ok(resource)
}

fn reason_faults(reason: &str) -> Vec<Fault> {
    if reason.trim().is_empty() {
        vec![Fault::new("reason-missing", "/reason", "there is no reason", "say why, for those who lose it")]
    } else {
        Vec::new()
    }
}

fn event(
    resource: &Resource,
    kind: ResourceEventKind,
    booking: Option<&Booking>,
    days: &Withdrawal,
    by: Author<'_>,
) -> ResourceEvent {
    ResourceEvent {
        id: ResourceEventId::fresh(by.now, by.entropy),
        at: by.now,
        kind,
        resource: resource.id.clone(),
        booking: booking.map(|booking| booking.id.clone()),
        from_date: booking.map_or(days.from, |booking| booking.date),
        to_date: booking.map_or(days.to, |booking| Some(booking.date)),
        actor: by.actor.to_owned(),
        reason: days.reason.trim().to_owned(),
    }
}
