//! Which receptions a plan decides about, when each could be held and by whom: pure, without database or clock. Visits
//! join them from [`super::visiting`].
//!
//! A planned reception keeps what somebody has already chosen: its deputies, host and room, and its day as far as that
//! can be had. The plan chooses the rest: a later working day of the week, deputies of the street who still owe
//! receptions, a host and a room. An announced one is fixed, and the plan sees to it that its people are free.
//!
//! After something has happened to a roster, its receptions stand where it has put them. Then anybody fitting may step in
//! as host or deputy and another room of the station may be taken; only what is announced, or too near to be announced
//! any more, keeps its time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use paiban_solver::document::{
    MattersDocument, PlaceDocument, ReceptionDocument, ReceptionOptionDocument, SessionKindDocument, TimeSpan,
    VenueDocument,
};

use super::assemble::is_rostered;
use super::standing::StandingReception;
use super::visiting::{VisitInput, visiting};
use crate::domain::expand::{DatedDay, LocalSpan, join, local_minute};
use crate::domain::{
    Booking, Case, Category, HoursDay, Matter, MatterStatus, NOTICE_DAYS, Person, PersonId, QuotaKind, Reception,
    ReceptionStatus, Resource, ResourceId, Station, Unit, UnitLevel,
};
use crate::reception::quota::Progress;

/// What the plan knows of receptions.
#[derive(Debug, Clone, Copy)]
pub struct ReceptionInput<'a> {
    /// The day on which the plan is made: notice counts from it.
    pub today: NaiveDate,
    /// Receptions of the planned days; those held or cancelled are left out.
    pub receptions: &'a [Reception],
    /// What residents have booked.
    pub matters: &'a [Matter],
    /// Rooms at the stations.
    pub venues: &'a [Resource],
    /// Bookings of the rooms that stand.
    pub bookings: &'a [Booking],
    /// How deputies and stations stand with the year's quotas.
    pub progress: &'a [Progress],
    /// How receptions stand by id, when something has happened to a roster.
    pub standing: Option<&'a HashMap<String, StandingReception>>,
    /// Visits, which are decided beside them.
    pub visits: VisitInput<'a>,
}

/// Announced receptions count so much more than the quotas of others: residents expect them.
const ANNOUNCED_PRIORITY: u8 = 100;

/// What is made of the receptions.
#[derive(Debug, Default)]
pub(super) struct Hearings {
    pub receptions: Vec<ReceptionDocument>,
    pub venues: Vec<VenueDocument>,
    /// Places that visits go to.
    pub places: Vec<PlaceDocument>,
    /// Whoever may come, among them people who never stand at posts.
    pub guests: BTreeSet<String>,
}

/// The entities that receptions refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub units: &'a [Unit],
    pub stations: &'a [Station],
    pub people: &'a [Person],
    pub cases: &'a [Case],
    pub days: &'a [DatedDay],
}

/// The documents of receptions and of the rooms they may take, and those of visits.
pub(super) fn hearings(input: &ReceptionInput<'_>, around: &Surroundings<'_>) -> Hearings {
    let mut found = Hearings::default();
    let stations: HashMap<&str, &Station> =
        around.stations.iter().map(|station| (station.id.as_str(), station)).collect();
    let places: HashSet<&str> = input.receptions.iter().map(|reception| reception.station.as_str()).collect();
    let mut venues: Vec<&Resource> = input
        .venues
        .iter()
        .filter(|venue| venue.station.as_ref().is_some_and(|station| places.contains(station.as_str())))
        .collect();
    // Rooms before service bases, which have uses of their own.
    venues.sort_by_key(|venue| (venue.base_kind.is_some(), &venue.id));
    // A reception that stands does not stand in its own way.
    let standing: HashSet<&str> = input.standing.into_iter().flat_map(HashMap::keys).map(String::as_str).collect();
    let is_others = |booking: &&Booking| booking.reception.as_ref().is_none_or(|id| !standing.contains(id.as_str()));
    let bookings: Vec<&Booking> = input.bookings.iter().filter(is_others).collect();
    let taken: HashMap<&str, Vec<LocalSpan>> =
        venues.iter().map(|venue| (venue.id.as_str(), taken(venue, &bookings, around.days))).collect();
    let making = Making::new(input, around, &venues, &taken);
    let mut receptions: Vec<&Reception> = input.receptions.iter().collect();
    receptions.sort_by_key(|reception| &reception.id);
    for reception in receptions {
        let Some(station) = stations.get(reception.station.as_str()) else { continue };
        let stands = input.standing.and_then(|standing| standing.get(reception.id.as_str()));
        let document = match (reception.status, stands) {
            (ReceptionStatus::Held | ReceptionStatus::Cancelled, _) => continue,
            (_, Some(stands)) => making.again(reception, station, stands),
            (ReceptionStatus::Announced, None) => making.announced(reception),
            (ReceptionStatus::Planned, None) => making.planned(reception, station),
        };
        found.guests.extend(document.deputies.iter().chain(document.hosts.iter().flatten()).cloned());
        found.receptions.push(document);
    }
    let visiting = visiting(&input.visits, around);
    found.guests.extend(visiting.visits.iter().flat_map(|visit| &visit.deputies).cloned());
    found.receptions.extend(visiting.visits);
    found.places = visiting.places;
    let used: HashSet<&str> =
        found.receptions.iter().flat_map(|one| &one.options).filter_map(|option| option.venue.as_deref()).collect();
    let wanted = venues.into_iter().filter(|venue| used.contains(venue.id.as_str()));
    found.venues = wanted
        .map(|venue| VenueDocument {
            id: venue.id.to_string(),
            name: venue.name.clone(),
            taken: taken.get(venue.id.as_str()).into_iter().flatten().map(time_span).collect(),
        })
        .collect();
    found
}

fn time_span(span: &LocalSpan) -> TimeSpan {
    TimeSpan { start: span.start.into(), end: span.end.into() }
}

struct Making<'a> {
    input: &'a ReceptionInput<'a>,
    around: &'a Surroundings<'a>,
    venues: &'a [&'a Resource],
    taken: &'a HashMap<&'a str, Vec<LocalSpan>>,
    units: HashMap<&'a str, &'a Unit>,
    /// People whom the plan knows.
    people: HashMap<&'a str, &'a Person>,
    /// Open cases at a unit and below it, by domain.
    brought: HashMap<&'a str, BTreeMap<&'a str, u16>>,
    /// Deputies by street.
    deputies: HashMap<&'a str, Vec<&'a str>>,
    /// Deputies who still owe receptions this year.
    owing: HashSet<&'a str>,
    /// Deputies and stations that are behind.
    behind: HashSet<&'a str>,
}

impl<'a> Making<'a> {
    fn new(
        input: &'a ReceptionInput<'a>,
        around: &'a Surroundings<'a>,
        venues: &'a [&'a Resource],
        taken: &'a HashMap<&'a str, Vec<LocalSpan>>,
    ) -> Self {
        let units: HashMap<&str, &Unit> = around.units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
        let mut deputies: HashMap<&str, Vec<&str>> = HashMap::new();
        for person in around.people.iter().filter(|person| person.category == Category::Deputy) {
            deputies.entry(street(&units, person.home_unit.as_str())).or_default().push(person.id.as_str());
        }
        let rows = input.progress.iter().filter(|row| row.kind != QuotaKind::DeputyVisits);
        let of =
            |fits: fn(&Progress) -> bool| rows.clone().filter(move |row| fits(row)).map(|row| row.subject.as_str());
        Self {
            input,
            around,
            venues,
            taken,
            people: around.people.iter().map(|person| (person.id.as_str(), person)).collect(),
            owing: of(|row| row.missing > 0).collect(),
            behind: of(|row| row.is_behind).collect(),
            deputies,
            brought: brought(around.cases, &units),
            units,
        }
    }

    /// An announced reception: everything about it stands, its room included.
    fn announced(&self, reception: &Reception) -> ReceptionDocument {
        let start = local_minute(reception.date, reception.start_minute).into();
        ReceptionDocument {
            options: vec![ReceptionOptionDocument { start, venue: None, weight: 0 }],
            deputies: self.present(reception),
            seats: seats(reception),
            hosts: Some(self.host(reception).into_iter().collect()),
            announced: true,
            priority: ANNOUNCED_PRIORITY,
            ..self.blank(reception)
        }
    }

    /// A planned reception: the day that is wanted, or a later working day of the same week at the same time.
    fn planned(&self, reception: &Reception, station: &Station) -> ReceptionDocument {
        let deputies = if reception.deputies.is_empty() { self.invited(station) } else { self.present(reception) };
        let open = self.around.days.iter().filter(|day| !day.is_off && day.date >= reception.date);
        let options = open.zip(0_u16..).map(|(day, weight)| ReceptionOptionDocument {
            start: local_minute(day.date, reception.start_minute).into(),
            venue: self.venue(reception, day.date),
            weight,
        });
        ReceptionDocument {
            options: options.collect(),
            deputies,
            seats: seats(reception),
            hosts: self.host(reception).map(|host| vec![host]),
            earliest: self.earliest(),
            priority: self.priority(reception),
            ..self.blank(reception)
        }
    }

    /// A reception that a roster has decided about already: where it stands, or a later working day of the same week
    /// while it can still be announced for one.
    fn again(&self, reception: &Reception, station: &Station, stands: &StandingReception) -> ReceptionDocument {
        let is_public = reception.status == ReceptionStatus::Announced;
        let earliest = self.earliest();
        let is_fixed = is_public || earliest.is_some_and(|earliest| stands.date < earliest);
        let first = reception.date.min(stands.date);
        let is_possible = |day: &&DatedDay| day.date == stands.date || !is_fixed && !day.is_off && day.date >= first;
        let wanted = stands.venue.as_ref();
        let options = self.around.days.iter().filter(is_possible).zip(0_u16..).map(|(day, weight)| {
            let start = local_minute(day.date, stands.start_minute).into();
            ReceptionOptionDocument { start, venue: self.other_room(reception, wanted, day.date), weight }
        });
        let options = options.collect();
        let mut deputies: Vec<String> =
            stands.deputies.iter().chain(&reception.deputies).map(ToString::to_string).collect();
        deputies.retain(|id| self.people.contains_key(id.as_str()));
        deputies.extend(self.invited(station));
        deputies.sort_unstable();
        deputies.dedup();
        ReceptionDocument {
            options,
            deputies,
            seats: u16::try_from(stands.deputies.len()).unwrap_or(u16::MAX).max(1),
            hosts: (!self.is_staff_here(&stands.host, station)).then(|| vec![stands.host.to_string()]),
            earliest,
            announced: is_fixed,
            priority: if is_public { ANNOUNCED_PRIORITY } else { self.priority(reception) },
            ..self.blank(reception)
        }
    }

    /// First day for which residents still have their notice.
    fn earliest(&self) -> Option<NaiveDate> {
        self.input.today.checked_add_days(Days::new(u64::try_from(NOTICE_DAYS).unwrap_or(0)))
    }

    /// Whether somebody is host like any member of staff of the place, rather than because a reception names them.
    fn is_staff_here(&self, host: &PersonId, station: &Station) -> bool {
        let Some(host) = self.people.get(host.as_str()) else { return false };
        let is_staff = !matches!(host.category, Category::Volunteer) && is_rostered(host.category) && !host.trainee;
        let mut line = Vec::new();
        let mut at = Some(&station.unit);
        while let Some(unit) = at {
            line.push(unit);
            at = self.units.get(unit.as_str()).and_then(|unit| unit.parent.as_ref());
        }
        let is_above = |unit: &crate::domain::UnitId| line.contains(&unit);
        let serves = if host.scope.is_empty() { is_above(&host.home_unit) } else { host.scope.iter().any(is_above) };
        is_staff && serves
    }

    /// The room that was wanted, or another at the station if it cannot be had then.
    fn other_room(&self, reception: &Reception, wanted: Option<&ResourceId>, date: NaiveDate) -> Option<String> {
        let other = || self.free_room(reception, date);
        match wanted.map(ResourceId::as_str) {
            Some(wanted) if self.is_free(wanted, reception, date) => Some(wanted.to_owned()),
            Some(wanted) => {
                other().or_else(|| Some(wanted.to_owned()).filter(|id| self.taken.contains_key(id.as_str())))
            }
            None => self.venue(reception, date),
        }
    }

    /// Whether a room that the plan knows is free at the time of the reception.
    fn is_free(&self, venue: &str, reception: &Reception, date: NaiveDate) -> bool {
        let start = local_minute(date, reception.start_minute);
        let end = local_minute(date, reception.end_minute);
        let taken = self.taken.get(venue);
        taken.is_some_and(|taken| taken.iter().all(|other| other.end <= start || end <= other.start))
    }

    /// The first room at the station that is free at the time of the reception.
    fn free_room(&self, reception: &Reception, date: NaiveDate) -> Option<String> {
        let own = self.venues.iter().filter(|venue| venue.station.as_ref() == Some(&reception.station));
        own.map(|venue| venue.id.to_string()).find(|venue| self.is_free(venue, reception, date))
    }

    fn blank(&self, reception: &Reception) -> ReceptionDocument {
        ReceptionDocument {
            id: reception.id.to_string(),
            kind: SessionKindDocument::Reception,
            place: reception.station.to_string(),
            minutes: reception.end_minute.saturating_sub(reception.start_minute).clamp(1, 1440),
            options: Vec::new(),
            deputies: Vec::new(),
            seats: 1,
            hosts: None,
            earliest: None,
            announced: false,
            priority: 1,
            matters: self.matters(reception),
        }
    }

    fn matters(&self, reception: &Reception) -> Vec<MattersDocument> {
        let booked = self
            .input
            .matters
            .iter()
            .filter(|matter| matter.reception == reception.id && matter.status == MatterStatus::Booked);
        let mut counts: BTreeMap<String, u16> = BTreeMap::new();
        for skill in booked.filter_map(|matter| matter.skill.as_ref()) {
            *counts.entry(skill.to_string()).or_default() += 1;
        }
        // Before the announcement nobody can book: what residents have brought to the unit says what they will come with.
        let place = self.around.stations.iter().find(|station| station.id == reception.station);
        let place = place.filter(|_| reception.status == ReceptionStatus::Planned);
        for (skill, open) in place.and_then(|place| self.brought.get(place.unit.as_str())).into_iter().flatten() {
            let count = counts.entry((*skill).to_owned()).or_default();
            *count = count.saturating_add(*open);
        }
        counts.into_iter().map(|(skill, count)| MattersDocument { skill, count }).collect()
    }

    /// Its deputies, as far as the plan knows them.
    fn present(&self, reception: &Reception) -> Vec<String> {
        let known = |id: &&PersonId| self.people.contains_key(id.as_str());
        reception.deputies.iter().filter(known).map(ToString::to_string).collect()
    }

    fn host(&self, reception: &Reception) -> Option<String> {
        let host = reception.host.as_ref()?;
        self.people.contains_key(host.as_str()).then(|| host.to_string())
    }

    /// Deputies of the station's street: those who still owe receptions this year, or all when nobody does.
    fn invited(&self, station: &Station) -> Vec<String> {
        let all = self.deputies.get(street(&self.units, station.unit.as_str())).map_or(&[][..], Vec::as_slice);
        let owing: Vec<&str> = all.iter().copied().filter(|id| self.owing.contains(id)).collect();
        let chosen = if owing.is_empty() { all.to_vec() } else { owing };
        let mut chosen: Vec<String> = chosen.into_iter().map(str::to_owned).collect();
        chosen.sort_unstable();
        chosen
    }

    /// The room that was chosen, or the first at the station that is free then, or else the first.
    fn venue(&self, reception: &Reception, date: NaiveDate) -> Option<String> {
        if let Some(venue) = &reception.venue {
            return Some(venue.to_string()).filter(|id| self.taken.contains_key(id.as_str()));
        }
        self.free_room(reception, date).or_else(|| {
            let first = self.venues.iter().find(|venue| venue.station.as_ref() == Some(&reception.station));
            first.map(|venue| venue.id.to_string())
        })
    }

    /// One, and one more each when the station and when a named deputy is behind with the year's quota.
    fn priority(&self, reception: &Reception) -> u8 {
        let station = self.behind.contains(reception.station.as_str());
        let deputy = reception.deputies.iter().any(|deputy| self.behind.contains(deputy.as_str()));
        1 + u8::from(station) + u8::from(deputy)
    }
}

/// How many cases with a domain are open at each unit and below it.
fn brought<'a>(cases: &'a [Case], units: &HashMap<&'a str, &'a Unit>) -> HashMap<&'a str, BTreeMap<&'a str, u16>> {
    let mut found: HashMap<&str, BTreeMap<&str, u16>> = HashMap::new();
    for case in cases.iter().filter(|case| case.status.is_open()) {
        let Some(skill) = &case.skill else { continue };
        let mut at = units.get(case.unit.as_str()).copied();
        while let Some(unit) = at {
            let count = found.entry(unit.id.as_str()).or_default().entry(skill.as_str()).or_default();
            *count = count.saturating_add(1);
            at = unit.parent.as_ref().and_then(|parent| units.get(parent.as_str()).copied());
        }
    }
    found
}

/// The street above or at a unit; the topmost known unit where there is none.
pub(super) fn street<'a>(units: &HashMap<&'a str, &'a Unit>, unit: &'a str) -> &'a str {
    let mut at = unit;
    while let Some(found) = units.get(at) {
        match &found.parent {
            Some(parent) if found.level > UnitLevel::Street => at = parent.as_str(),
            _ => break,
        }
    }
    at
}

fn seats(reception: &Reception) -> u16 {
    u16::try_from(reception.deputies.len()).unwrap_or(u16::MAX).max(1)
}

/// When a room cannot be had: while it is booked or withdrawn, and outside its hours.
fn taken(venue: &Resource, bookings: &[&Booking], days: &[DatedDay]) -> Vec<LocalSpan> {
    let span = |date, start, end| LocalSpan { start: local_minute(date, start), end: local_minute(date, end) };
    let mut spans: Vec<LocalSpan> = bookings
        .iter()
        .filter(|booking| booking.resource == venue.id && days.iter().any(|day| day.date == booking.date))
        .map(|booking| span(booking.date, booking.start_minute, booking.end_minute))
        .collect();
    for day in days {
        if venue.is_withdrawn_on(day.date) {
            spans.push(span(day.date, 0, 24 * 60));
            continue;
        }
        if venue.hours.is_empty() {
            continue;
        }
        let kind = if day.is_off { HoursDay::OffDay } else { HoursDay::of(chrono::Datelike::weekday(&day.date)) };
        let mut hours: Vec<(u16, u16)> = venue
            .hours
            .iter()
            .filter(|hours| hours.day == kind)
            .map(|hours| (hours.start_minute, hours.end_minute))
            .collect();
        hours.sort_unstable();
        let mut shut = 0;
        for (start, end) in hours {
            if shut < start {
                spans.push(span(day.date, shut, start));
            }
            shut = shut.max(end);
        }
        if shut < 24 * 60 {
            spans.push(span(day.date, shut, 24 * 60));
        }
    }
    join(spans)
}
