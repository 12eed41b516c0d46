//! Receptions around a plan, from the database: those it decides about, and those that are decided elsewhere and take
//! their people's time.

use std::collections::HashSet;

use chrono::{Datelike as _, NaiveDate};

use super::assemble::ReceptionInput;
use super::generate::ends;
use crate::db::bookings::BookingFilter;
use crate::db::receptions::ReceptionFilter;
use crate::db::resources::ResourceFilter;
use crate::db::{
    Connection, DbResult, MAX_PAGE, Page, Slice, bookings, planned_receptions, reception_matters, receptions, resources,
};
use crate::domain::{
    Booking, BookingStatus, Matter, PersonId, Reception, ReceptionStatus, Resource, ResourceKind, Schedule,
};
use crate::reception::quota::{Progress, progress};

/// The receptions that a plan decides about, with what it has to know of them.
pub(super) struct LoadedHearings {
    today: NaiveDate,
    pub(super) receptions: Vec<Reception>,
    matters: Vec<Matter>,
    venues: Vec<Resource>,
    bookings: Vec<Booking>,
    progress: Vec<Progress>,
}

/// A reception that takes its people's time.
pub(super) struct Session {
    /// Deputies and host.
    pub people: Vec<PersonId>,
    /// Date, first minute, first minute after the end.
    pub time: (NaiveDate, u16, u16),
}

impl LoadedHearings {
    /// Reads the receptions of a schedule's unit and days.
    pub(super) fn read(conn: &mut Connection, schedule: &Schedule, today: NaiveDate) -> DbResult<Self> {
        let (first, last) = ends(schedule.week_start, schedule.days);
        let subtree = Some(schedule.unit.clone());
        let filter = ReceptionFilter {
            subtree: subtree.clone(),
            from: Some(first),
            to: Some(last),
            ..ReceptionFilter::default()
        };
        let is_open =
            |reception: &Reception| matches!(reception.status, ReceptionStatus::Planned | ReceptionStatus::Announced);
        let mut found = every(|page| receptions::list(conn, &filter, page))?;
        found.retain(is_open);
        if found.is_empty() {
            let nothing = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let (matters, venues, bookings, progress) = nothing;
            return Ok(Self { today, receptions: found, matters, venues, bookings, progress });
        }
        let mut matters = Vec::new();
        for reception in &found {
            matters.extend(reception_matters::of_reception(conn, &reception.id)?);
        }
        let stations: HashSet<_> = found.iter().map(|reception| &reception.station).collect();
        let filter = ResourceFilter { kind: Some(ResourceKind::Venue), ..ResourceFilter::default() };
        let mut venues = every(|page| resources::list(conn, &filter, page))?;
        venues.retain(|venue| venue.station.as_ref().is_some_and(|station| stations.contains(station)));
        let rooms: HashSet<_> = venues.iter().map(|venue| &venue.id).collect();
        let filter = BookingFilter {
            status: Some(BookingStatus::Booked),
            from: Some(first),
            to: Some(last),
            ..BookingFilter::default()
        };
        let mut booked = every(|page| bookings::list(conn, &filter, page))?;
        booked.retain(|booking| rooms.contains(&booking.resource));
        let year = u16::try_from(first.year()).unwrap_or(0);
        let progress = progress(conn, &schedule.unit, year, today)?;
        Ok(Self { today, receptions: found, matters, venues, bookings: booked, progress })
    }

    /// Everybody whom the receptions name.
    pub(super) fn people(&self) -> impl Iterator<Item = &PersonId> {
        self.receptions.iter().flat_map(|reception| reception.deputies.iter().chain(&reception.host))
    }

    /// What the problem document is made from.
    pub(super) fn input(&self) -> ReceptionInput<'_> {
        ReceptionInput {
            today: self.today,
            receptions: &self.receptions,
            matters: &self.matters,
            venues: &self.venues,
            bookings: &self.bookings,
            progress: &self.progress,
        }
    }
}

fn every<T>(mut list: impl FnMut(&Page) -> DbResult<Slice<T>>) -> DbResult<Vec<T>> {
    let mut all = Vec::new();
    let mut page = Page::first(MAX_PAGE);
    loop {
        let slice = list(&page)?;
        all.extend(slice.items);
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// Receptions of the days that the plan does not decide about: announced ones at other places, and what rosters have
/// decided, those in force and, unless the plan decides anew, the schedule's own.
pub(super) fn sessions(
    conn: &mut Connection,
    schedule: &Schedule,
    hearings: Option<&LoadedHearings>,
) -> DbResult<Vec<Session>> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let mut known: HashSet<String> = hearings
        .into_iter()
        .flat_map(|hearings| &hearings.receptions)
        .map(|reception| reception.id.to_string())
        .collect();
    let filter = ReceptionFilter {
        status: Some(ReceptionStatus::Announced),
        from: Some(first),
        to: Some(last),
        ..ReceptionFilter::default()
    };
    let mut sessions = Vec::new();
    for reception in every(|page| receptions::list(conn, &filter, page))? {
        if known.insert(reception.id.to_string()) {
            let time = (reception.date, reception.start_minute, reception.end_minute);
            sessions.push(Session { people: reception.deputies.into_iter().chain(reception.host).collect(), time });
        }
    }
    let mut planned =
        if hearings.is_none() { planned_receptions::of_schedule(conn, &schedule.id)? } else { Vec::new() };
    planned.extend(planned_receptions::in_force(conn, &schedule.id, first, last)?);
    for reception in planned {
        let time = reception.date.zip(reception.start_minute).zip(reception.end_minute);
        let Some(((date, start), end)) = time.filter(|_| known.insert(reception.reception.to_string())) else {
            continue;
        };
        let people = reception.deputies.into_iter().chain(reception.host).collect();
        sessions.push(Session { people, time: (date, start, end) });
    }
    Ok(sessions)
}
