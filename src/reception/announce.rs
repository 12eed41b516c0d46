//! Planning a reception and making it public: notice, working day, deputies, host and venue (H13).

use chrono::NaiveDate;

use super::{invalid, missing, wrong_state};
use crate::cases::working_days;
use crate::db::bookings::BookingFilter;
use crate::db::{
    ConflictKind, Connection, DbError, DbResult, MAX_PAGE, Page, Tx, bookings, bulk, people, receptions, resources,
    stations,
};
use crate::domain::expand::{DatedDay, availability_spans, local_minute};
use crate::domain::{
    AvailabilityKind, BookingSource, BookingStatus, Category, HANDOVER_WORKING_DAYS, NOTICE_DAYS, PersonId, Reception,
    ReceptionId, ReceptionStatus, ResourceKind, WorkingDays, local_date,
};
use crate::sharing::booking::{Author, Wanted, book, drop_booking};

/// Moves a reception that falls on a day off to the next working day and says so, and sets the last day for its record.
pub fn settle_date(reception: &mut Reception, days: &WorkingDays) {
    if let Some(holiday) = days.day_off(reception.date) {
        let moved = days.on_or_after(reception.date);
        let wanted = reception.moved_from.unwrap_or(reception.date);
        let name = holiday.unwrap_or("休息日");
        reception.moved_because = Some(format!("{} 为{name}，顺延至 {moved}", reception.date));
        reception.moved_from = Some(wanted);
        reception.date = moved;
    }
    reception.handover_due = days.after(reception.date, HANDOVER_WORKING_DAYS);
}

/// Adds a reception that nobody knows of yet.
///
/// # Errors
/// [`DbError::Invalid`] when it has faults or lies in the past, [`DbError::Conflict`] when somebody or something that
/// it names does not exist.
pub fn plan(tx: &mut Tx<'_>, mut reception: Reception, today: NaiveDate) -> DbResult<Reception> {
    check_ahead(&reception, today)?;
    let days = working_days(tx, reception.date)?;
    settle_date(&mut reception, &days);
    receptions::insert(tx, &reception)?;
    receptions::get(tx, &reception.id)
}

/// Changes a reception before it is announced.
///
/// # Errors
/// Those of planning, [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it is announced.
pub fn change(tx: &mut Tx<'_>, mut reception: Reception, today: NaiveDate) -> DbResult<Reception> {
    let stored = receptions::get(tx, &reception.id)?;
    let days = working_days(tx, reception.date)?;
    reception = changed(&stored, reception, &days, today)?;
    receptions::update(tx, &reception)?;
    receptions::get(tx, &reception.id)
}

/// A reception as it is changed before it is announced. `days` are the working days from its new date on.
///
/// # Errors
/// [`DbError::Invalid`] when it lies in the past, [`DbError::Conflict`] when it is announced.
pub fn changed(
    stored: &Reception,
    mut reception: Reception,
    days: &WorkingDays,
    today: NaiveDate,
) -> DbResult<Reception> {
    if stored.status != ReceptionStatus::Planned {
        return Err(wrong_state(format!(
            "the reception is {}; after the announcement cancel it, or replace a deputy",
            stored.status
        )));
    }
    check_ahead(&reception, today)?;
    // A date that is asked for anew forgets why the old one was moved.
    let is_same_day = reception.date == stored.date;
    reception.moved_from = stored.moved_from.filter(|_| is_same_day);
    reception.moved_because = stored.moved_because.clone().filter(|_| is_same_day);
    settle_date(&mut reception, days);
    Ok(reception)
}

fn check_ahead(reception: &Reception, today: NaiveDate) -> DbResult<()> {
    if reception.date < today {
        return Err(invalid("date-past", "/date", format!("{} is over", reception.date), "give a later day"));
    }
    Ok(())
}

/// Makes a reception public: from here on residents book, and its venue is taken.
///
/// # Errors
/// [`DbError::Invalid`] with every rule that it breaks, [`DbError::Conflict`] when it is not planned or its venue or
/// one of its people is taken, [`DbError::NotFound`], [`DbError::Stale`].
pub fn announce(tx: &mut Tx<'_>, id: &ReceptionId, version: i64, by: Author<'_>) -> DbResult<Reception> {
    let mut reception = receptions::get(tx, id)?;
    if reception.version != version {
        reception.version = version;
        // The door of edits tells what is wrong with the version.
        receptions::update(tx, &reception)?;
    }
    if reception.status != ReceptionStatus::Planned {
        return Err(wrong_state(format!("the reception is {}; only a planned one is announced", reception.status)));
    }
    let today = local_date(by.now);
    let days = working_days(tx, reception.date)?;
    settle_date(&mut reception, &days);
    let notice = (reception.date - today).num_days();
    if notice < NOTICE_DAYS {
        return Err(invalid(
            "notice-too-short",
            "/date",
            format!("{} is {notice} days ahead, and residents need {NOTICE_DAYS} days' notice (H13)", reception.date),
            "choose a later day",
        ));
    }
    let deputies = reception.deputies.clone();
    if deputies.is_empty() {
        return Err(invalid("no-deputy", "/deputies", "nobody receives", "name at least one deputy"));
    }
    for deputy in &deputies {
        check_deputy(tx, &reception, deputy)?;
    }
    check_host(tx, &reception, &days)?;
    take_venue(tx, &reception, by)?;
    reception.status = ReceptionStatus::Announced;
    reception.announced_at = Some(by.now);
    receptions::update(tx, &reception)?;
    receptions::get(tx, id)
}

fn check_deputy(tx: &mut Tx<'_>, reception: &Reception, deputy: &PersonId) -> DbResult<()> {
    let person = people::get(tx, deputy).map_err(missing)?;
    if person.category != Category::Deputy {
        return Err(invalid("no-deputy", "/deputies", format!("{deputy} is no deputy"), "name deputies only"));
    }
    check_free(tx, reception, deputy, "/deputies")
}

fn check_host(tx: &mut Tx<'_>, reception: &Reception, _days: &WorkingDays) -> DbResult<()> {
    let Some(host) = &reception.host else {
        return Err(invalid("no-host", "/host", "nobody is host", "name a member of staff as host (H13)"));
    };
    let person = people::get(tx, host).map_err(missing)?;
    if matches!(person.category, Category::Deputy | Category::Volunteer) {
        return Err(invalid("no-host", "/host", format!("{host} is no member of staff"), "name a member of staff"));
    }
    check_free(tx, reception, host, "/host")
}

/// Somebody who is away or elsewhere cannot receive.
fn check_free(tx: &mut Tx<'_>, reception: &Reception, person: &PersonId, pointer: &str) -> DbResult<()> {
    if is_away(tx, reception, person)? {
        return Err(invalid(
            "person-away",
            pointer,
            format!("{person} is away on {} (H02)", reception.date),
            "name somebody else or choose another day",
        ));
    }
    let elsewhere = receptions::of_people_on(tx, std::slice::from_ref(person), reception.date)?;
    if let Some(other) = elsewhere.iter().find(|other| other.id != reception.id && other.overlaps(reception)) {
        return Err(DbError::conflict(
            "reception",
            ConflictKind::Clash,
            format!("{person} receives at {} then ({}); name somebody else", other.station, other.title),
        ));
    }
    Ok(())
}

/// Whether a person has said that they cannot come at the time of the reception.
fn is_away(conn: &mut Connection, reception: &Reception, person: &PersonId) -> DbResult<bool> {
    let date = reception.date;
    let before = date.pred_opt().unwrap_or(date);
    let statements = bulk::availability(conn, std::slice::from_ref(person), before, date)?;
    let day = |date| DatedDay { date, is_off: false, is_published: true };
    let (start, end) = (local_minute(date, reception.start_minute), local_minute(date, reception.end_minute));
    Ok(statements
        .iter()
        .filter(|statement| statement.kind == AvailabilityKind::Unavailable)
        .flat_map(|statement| availability_spans(statement, &[day(before), day(date)]))
        .any(|span| span.start < end && start < span.end))
}

fn take_venue(tx: &mut Tx<'_>, reception: &Reception, by: Author<'_>) -> DbResult<()> {
    let Some(venue) = &reception.venue else {
        return Err(invalid("no-venue", "/venue", "there is no room", "name a venue at the station (H13)"));
    };
    let resource = resources::get(tx, venue).map_err(missing)?;
    if resource.kind != ResourceKind::Venue || resource.station.as_ref() != Some(&reception.station) {
        return Err(invalid(
            "no-venue",
            "/venue",
            format!("{} is no venue at {}", resource.name, reception.station),
            "name a venue at the reception's station (H13)",
        ));
    }
    let unit = stations::get(tx, &reception.station)?.unit;
    let wanted = Wanted {
        resource: venue.clone(),
        unit,
        date: reception.date,
        start_minute: reception.start_minute,
        end_minute: reception.end_minute,
        quantity: 1,
        people: None,
        purpose: reception.title.clone(),
        activity: None,
        reception: Some(reception.id.clone()),
        source: BookingSource::Manual,
    };
    book(tx, &wanted, by).map(drop)
}

/// Puts another deputy in the place of one, also after the announcement.
///
/// # Errors
/// [`DbError::Invalid`] when the other cannot come, [`DbError::Conflict`] when the reception is over or the first is
/// not one of its deputies, [`DbError::NotFound`], [`DbError::Stale`].
pub fn replace_deputy(
    tx: &mut Tx<'_>,
    id: &ReceptionId,
    version: i64,
    [out, into]: [&PersonId; 2],
) -> DbResult<Reception> {
    let mut reception = receptions::get(tx, id)?;
    reception.version = version;
    if !matches!(reception.status, ReceptionStatus::Planned | ReceptionStatus::Announced) {
        return Err(wrong_state(format!("the reception is {}; nobody can be replaced", reception.status)));
    }
    let Some(place) = reception.deputies.iter_mut().find(|deputy| *deputy == out) else {
        return Err(wrong_state(format!("{out} is not one of the reception's deputies")));
    };
    place.clone_from(into);
    reception.deputies.sort();
    check_deputy(tx, &reception, into)?;
    receptions::update(tx, &reception)?;
    receptions::get(tx, id)
}

/// Gives an announced reception other deputies, another host or another room, at the time that residents know. Nothing is
/// written when it is refused.
///
/// # Errors
/// [`DbError::Invalid`] when somebody new cannot come, [`DbError::Conflict`] when the reception is not announced or the
/// new room is taken, [`DbError::NotFound`], [`DbError::Stale`].
pub fn correct(tx: &mut Tx<'_>, wanted: Reception, by: Author<'_>) -> DbResult<Reception> {
    let stored = receptions::get(tx, &wanted.id)?;
    if stored.status != ReceptionStatus::Announced {
        return Err(wrong_state(format!("the reception is {}, not announced", stored.status)));
    }
    let days = working_days(tx, stored.date)?;
    for deputy in wanted.deputies.iter().filter(|deputy| !stored.deputies.contains(deputy)) {
        check_deputy(tx, &wanted, deputy)?;
    }
    if wanted.host != stored.host {
        check_host(tx, &wanted, &days)?;
    }
    let held = rooms_of(tx, &stored.id)?;
    if wanted.venue != stored.venue || held.is_empty() {
        take_venue(tx, &wanted, by)?;
        for booking in held {
            drop_booking(tx, booking, "接待改用其他场所", by)?;
        }
    }
    receptions::update(tx, &wanted)?;
    receptions::get(tx, &wanted.id)
}

/// The bookings that stand for a reception.
fn rooms_of(tx: &mut Tx<'_>, id: &ReceptionId) -> DbResult<Vec<crate::domain::Booking>> {
    let filter =
        BookingFilter { reception: Some(id.clone()), status: Some(BookingStatus::Booked), ..BookingFilter::default() };
    Ok(bookings::list(tx, &filter, &Page::first(MAX_PAGE))?.items)
}

/// Cancels a reception: its venue is free again, and booked matters stay on record as cancelled.
///
/// # Errors
/// [`DbError::Invalid`] without a reason, [`DbError::Conflict`] when it is over, [`DbError::NotFound`],
/// [`DbError::Stale`].
pub fn cancel(tx: &mut Tx<'_>, id: &ReceptionId, version: i64, reason: &str, by: Author<'_>) -> DbResult<Reception> {
    let mut reception = receptions::get(tx, id)?;
    reception.version = version;
    if !matches!(reception.status, ReceptionStatus::Planned | ReceptionStatus::Announced) {
        return Err(wrong_state(format!("the reception is {} already", reception.status)));
    }
    if reason.trim().is_empty() {
        return Err(invalid("reason-missing", "/reason", "there is no reason", "say why, for those who booked"));
    }
    reception.status = ReceptionStatus::Cancelled;
    receptions::update(tx, &reception)?;
    super::matters::cancel_all(tx, id, reason)?;
    let filter = BookingFilter { reception: Some(id.clone()), ..BookingFilter::default() };
    for booking in bookings::list(tx, &filter, &Page::first(MAX_PAGE))?.items {
        if booking.status == BookingStatus::Booked {
            drop_booking(tx, booking, reason, by)?;
        }
    }
    receptions::get(tx, id)
}

/// Something that has come up since the announcement and that somebody must settle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code: `deputy-away`, `host-away`, `venue-lost`, `day-off` or `record-late`.
    pub code: &'static str,
    /// Whom or what it is about.
    pub about: String,
}

/// What has come up since the announcement.
///
/// # Errors
/// Those of the connection.
pub fn warnings(conn: &mut Connection, reception: &Reception, today: NaiveDate) -> DbResult<Vec<Warning>> {
    let mut found = Vec::new();
    if reception.status != ReceptionStatus::Announced {
        return Ok(found);
    }
    for deputy in &reception.deputies {
        if is_away(conn, reception, deputy)? {
            found.push(Warning { code: "deputy-away", about: deputy.as_str().to_owned() });
        }
    }
    if let Some(host) = &reception.host
        && is_away(conn, reception, host)?
    {
        found.push(Warning { code: "host-away", about: host.as_str().to_owned() });
    }
    let filter = BookingFilter {
        reception: Some(reception.id.clone()),
        status: Some(BookingStatus::Booked),
        ..BookingFilter::default()
    };
    if bookings::list(conn, &filter, &Page::first(1))?.items.is_empty() {
        let venue = reception.venue.as_ref().map(|venue| venue.as_str().to_owned());
        found.push(Warning { code: "venue-lost", about: venue.unwrap_or_default() });
    }
    if !working_days(conn, reception.date)?.is_working(reception.date) {
        found.push(Warning { code: "day-off", about: reception.date.to_string() });
    }
    if reception.handover_due < today {
        found.push(Warning { code: "record-late", about: reception.handover_due.to_string() });
    }
    Ok(found)
}
