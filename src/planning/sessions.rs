//! Receptions around a plan, from the database: those it decides about, and those that are decided elsewhere and, like
//! visits, take their people's time.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};

use super::assemble::ReceptionInput;
use super::generate::ends;
use super::standing::StandingReception;
use super::visiting::VisitInput;
use super::visits::LoadedVisits;
use crate::db::receptions::ReceptionFilter;
use crate::db::visits::VisitFilter;
use crate::db::{
    Connection, DbResult, MAX_PAGE, Page, Slice, bookings, planned_receptions, planned_visits, reception_matters,
    receptions, resources, visits,
};
use crate::domain::{
    Booking, Matter, PersonId, PlannedReception, Reception, ReceptionStatus, Resource, Schedule, UnitId, Visit,
    VisitStatus,
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
    /// How they stand, when something has happened to a roster.
    pub(super) standing: Option<HashMap<String, StandingReception>>,
    /// Visits, which are decided beside them.
    pub(super) visits: LoadedVisits,
}

/// A reception or visit that takes its people's time.
pub(super) struct Session {
    /// Deputies and host, or whoever visits.
    pub people: Vec<PersonId>,
    /// Date, first minute, first minute after the end.
    pub time: (NaiveDate, u16, u16),
}

impl LoadedHearings {
    /// Reads the receptions and visits of a schedule's unit and days, to be decided.
    pub(super) fn read(conn: &mut Connection, schedule: &Schedule, today: NaiveDate) -> DbResult<Self> {
        let found = open_receptions(conn, std::slice::from_ref(&schedule.unit), schedule)?;
        let visits = LoadedVisits::read(conn, schedule, today)?;
        Self::around(conn, (found, visits), schedule, std::slice::from_ref(&schedule.unit), today)
    }

    /// Reads the receptions under some units that a schedule has decided about or that are announced, and the visits that
    /// it has decided about, as they stand from this day on.
    pub(super) fn read_again(
        conn: &mut Connection,
        schedule: &Schedule,
        roots: &[UnitId],
        today: NaiveDate,
    ) -> DbResult<Self> {
        let planned = planned_receptions::of_schedule(conn, &schedule.id)?;
        let planned: HashMap<&str, &PlannedReception> =
            planned.iter().map(|planned| (planned.reception.as_str(), planned)).collect();
        let mut standing = HashMap::new();
        let mut found = open_receptions(conn, roots, schedule)?;
        found.retain(|reception| {
            let decided = planned.get(reception.id.as_str()).copied();
            let stands = StandingReception::of(reception, decided);
            let date = stands.as_ref().map_or(reception.date, |stands| stands.date);
            if date < today {
                return false;
            }
            let is_known = decided.is_some() || stands.is_some();
            standing.extend(stands.map(|stands| (reception.id.to_string(), stands)));
            is_known
        });
        let visits = LoadedVisits::read_again(conn, schedule, roots, today)?;
        let made = Self::around(conn, (found, visits), schedule, roots, today)?;
        Ok(Self { standing: Some(standing), ..made })
    }

    /// What has to be known of these receptions and visits.
    fn around(
        conn: &mut Connection,
        (receptions, visits): (Vec<Reception>, LoadedVisits),
        schedule: &Schedule,
        roots: &[UnitId],
        today: NaiveDate,
    ) -> DbResult<Self> {
        let (first, last) = ends(schedule.week_start, schedule.days);
        let standing = None;
        if receptions.is_empty() && visits.visits.is_empty() {
            let nothing = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let (matters, venues, bookings, progress) = nothing;
            return Ok(Self { today, receptions, matters, venues, bookings, progress, standing, visits });
        }
        let ids: Vec<&str> = receptions.iter().map(|reception| reception.id.as_str()).collect();
        let matters = reception_matters::of_receptions(conn, &ids)?;
        let stations: BTreeSet<&str> = receptions.iter().map(|reception| reception.station.as_str()).collect();
        let venues = resources::venues_at(conn, &stations.into_iter().collect::<Vec<_>>())?;
        let rooms: Vec<&str> = venues.iter().map(|venue| venue.id.as_str()).collect();
        let bookings = bookings::standing_of(conn, &rooms, first, last)?;
        let year = u16::try_from(first.year()).unwrap_or(0);
        let mut rows = Vec::new();
        for root in roots {
            rows.extend(progress(conn, root, year, today)?);
        }
        Ok(Self { today, receptions, matters, venues, bookings, progress: rows, standing, visits })
    }

    /// Whether there is nothing to decide.
    pub(super) const fn is_empty(&self) -> bool {
        self.receptions.is_empty() && self.visits.visits.is_empty()
    }

    /// Versions of the receptions and visits, by what the problem calls them.
    pub(super) fn versions(&self) -> HashMap<String, i64> {
        let receptions = self.receptions.iter().map(|reception| (reception.id.to_string(), reception.version));
        receptions.chain(self.visits.versions()).collect()
    }

    /// Everybody whom the receptions and visits name.
    pub(super) fn people(&self) -> impl Iterator<Item = &PersonId> {
        let standing = self.standing.iter().flat_map(HashMap::values).flat_map(StandingReception::people);
        let receptions = self.receptions.iter().flat_map(|reception| reception.deputies.iter().chain(&reception.host));
        receptions.chain(standing).chain(self.visits.people())
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
            standing: self.standing.as_ref(),
            visits: VisitInput {
                today: self.today,
                visits: &self.visits.visits,
                progress: &self.progress,
                standing: self.visits.standing.as_ref(),
            },
        }
    }
}

/// Receptions of a schedule's days under some units that may still take place.
fn open_receptions(conn: &mut Connection, roots: &[UnitId], schedule: &Schedule) -> DbResult<Vec<Reception>> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let mut found = Vec::new();
    for root in roots {
        let filter = ReceptionFilter {
            subtree: Some(root.clone()),
            from: Some(first),
            to: Some(last),
            ..ReceptionFilter::default()
        };
        found.extend(every(|page| receptions::list(conn, &filter, page))?);
    }
    found.retain(|reception| matches!(reception.status, ReceptionStatus::Planned | ReceptionStatus::Announced));
    Ok(found)
}

pub(super) fn every<T>(mut list: impl FnMut(&Page) -> DbResult<Slice<T>>) -> DbResult<Vec<T>> {
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

/// Visits and receptions of the days that the plan does not decide about: announced receptions at other places, visits that
/// somebody has fixed or another plan has decided, and what rosters have decided, those in force and, unless the plan
/// decides everything anew, the schedule's own.
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
    let is_anew = hearings.is_some_and(|hearings| hearings.standing.is_none());
    let mut planned = if is_anew { Vec::new() } else { planned_receptions::of_schedule(conn, &schedule.id)? };
    planned.extend(planned_receptions::in_force(conn, &schedule.id, first, last)?);
    for reception in planned {
        let time = reception.date.zip(reception.start_minute).zip(reception.end_minute);
        let Some(((date, start), end)) = time.filter(|_| known.insert(reception.reception.to_string())) else {
            continue;
        };
        let people = reception.deputies.into_iter().chain(reception.host).collect();
        sessions.push(Session { people, time: (date, start, end) });
    }
    let is_decided = |id: &Visit| hearings.is_some_and(|hearings| hearings.visits.decides(id));
    let filter =
        VisitFilter { status: Some(VisitStatus::Planned), from: Some(first), to: Some(last), ..VisitFilter::default() };
    let fixed = every(|page| visits::list(conn, &filter, page))?;
    let mut known: HashSet<String> = fixed.iter().map(|visit| visit.id.to_string()).collect();
    for visit in fixed.into_iter().filter(|visit| !is_decided(visit)) {
        let Some((person, time)) = visit.person.clone().zip(visit.time()) else { continue };
        sessions.push(Session { people: vec![person], time });
    }
    // What the schedule has decided about visits that are still open, where nothing is decided about them here.
    known.extend(hearings.into_iter().flat_map(|hearings| &hearings.visits.visits).map(|visit| visit.id.to_string()));
    let planned = if is_anew { Vec::new() } else { planned_visits::of_schedule(conn, &schedule.id)? };
    for planned in planned.iter().filter(|planned| !known.contains(planned.visit.as_str())) {
        let Some((person, time)) = planned.decision() else { continue };
        let stored = visits::get(conn, &planned.visit)?;
        if stored.status == VisitStatus::Open && stored.version == planned.visit_version {
            sessions.push(Session { people: vec![person.clone()], time });
        }
    }
    Ok(sessions)
}
