//! Which open visits a plan decides about, when each could be made and by whom: pure, without database or clock.
//!
//! The solver knows a visit as a reception without a host, at a place of its own: it is not made at a station, so that no
//! opening hours and no rooms are asked for. Each half day within the wanted days and hours is one choice. Days off are
//! taken only where nothing else is wanted. A visit that a plan has decided keeps its hour as far as that can be had.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, Timelike as _};
use paiban_solver::document::{
    LocationDocument, PlaceDocument, PlannedReceptionDocument, ReceptionDocument, ReceptionOptionDocument,
    SessionKindDocument,
};

use super::hearings::{Surroundings, street};
use crate::db::{DbError, DbResult};
use crate::domain::expand::{DatedDay, local_minute};
use crate::domain::{Category, PersonId, PlannedVisit, QuotaKind, ScheduleId, Unit, Visit, VisitId, VisitStatus};
use crate::reception::quota::Progress;

/// When half days begin and end.
const HALF_DAYS: [(u16, u16); 3] = [(0, 12 * 60), (13 * 60, 18 * 60), (18 * 60, 24 * 60)];
/// What is put after a visit's id, and after the code of the unit visited, in problems: no id holds it.
const MARK: &str = "#visit";

/// How a visit stands that a roster has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingVisit {
    /// Who makes it.
    pub person: PersonId,
    /// On which day.
    pub date: NaiveDate,
    /// From which minute of the day.
    pub start_minute: u16,
}

impl StandingVisit {
    /// How a visit stands after what a roster has decided about it; none while nobody makes it, or when somebody has
    /// changed it since.
    #[must_use]
    pub fn of(stored: &Visit, planned: Option<&PlannedVisit>) -> Option<Self> {
        let planned = planned.filter(|planned| planned.visit_version == stored.version)?;
        let (person, (date, start_minute, _)) = if planned.is_carried_out {
            (stored.person.as_ref()?, stored.time().filter(|_| stored.status == VisitStatus::Planned)?)
        } else {
            planned.decision()?
        };
        Some(Self { person: person.clone(), date, start_minute })
    }
}

/// What the plan knows of visits.
#[derive(Debug, Clone, Copy)]
pub struct VisitInput<'a> {
    /// The day on which the plan is made: nothing is decided for days before it.
    pub today: NaiveDate,
    /// Visits to decide about: open ones, and those that plans have decided.
    pub visits: &'a [Visit],
    /// How deputies and stations stand with the year's quotas.
    pub progress: &'a [Progress],
    /// How visits stand by id, when something has happened to a roster.
    pub standing: Option<&'a HashMap<String, StandingVisit>>,
}

/// Visits as documents, with the places where they are made.
#[derive(Debug, Default)]
pub(super) struct Visiting {
    pub visits: Vec<ReceptionDocument>,
    pub places: Vec<PlaceDocument>,
}

/// What a visit is called in a problem.
#[must_use]
pub(super) fn document_id(visit: &VisitId) -> String {
    format!("{visit}{MARK}")
}

/// The documents of visits. `people` are those whom the plan knows.
pub(super) fn visiting(input: &VisitInput<'_>, around: &Surroundings<'_>) -> Visiting {
    let units: HashMap<&str, &Unit> = around.units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let people: HashSet<&str> = around.people.iter().map(|person| person.id.as_str()).collect();
    let mut deputies: HashMap<&str, Vec<&str>> = HashMap::new();
    for person in around.people.iter().filter(|person| person.category == Category::Deputy) {
        deputies.entry(street(&units, person.home_unit.as_str())).or_default().push(person.id.as_str());
    }
    let rows = || input.progress.iter().filter(|row| row.kind == QuotaKind::DeputyVisits);
    let owing: HashSet<&str> = rows().filter(|row| row.missing > 0).map(|row| row.subject.as_str()).collect();
    let behind: HashSet<&str> = rows().filter(|row| row.is_behind).map(|row| row.subject.as_str()).collect();
    let mut visits: Vec<&Visit> = input.visits.iter().collect();
    visits.sort_by_key(|visit| &visit.id);
    let mut found = Visiting::default();
    let mut places = BTreeMap::new();
    for visit in visits {
        let Some(unit) = units.get(visit.unit.as_str()) else { continue };
        let stands = input.standing.and_then(|standing| standing.get(visit.id.as_str()));
        let named: Vec<&str> = visit.candidates.iter().map(PersonId::as_str).collect();
        let mut may: Vec<&str> = if named.is_empty() {
            let all = deputies.get(street(&units, visit.unit.as_str())).map_or(&[][..], Vec::as_slice);
            let owe: Vec<&str> = all.iter().copied().filter(|id| owing.contains(id)).collect();
            if owe.is_empty() { all.to_vec() } else { owe }
        } else {
            named.clone()
        };
        may.extend(stands.map(|stands| stands.person.as_str()).or_else(|| visit.person.as_ref().map(PersonId::as_str)));
        may.retain(|id| people.contains(id));
        may.sort_unstable();
        may.dedup();
        let options = half_days(visit, stands, input.today, around.days);
        if options.is_empty() {
            continue;
        }
        let place = places.entry(visit.unit.as_str()).or_insert_with(|| place(unit, around));
        found.visits.push(ReceptionDocument {
            id: document_id(&visit.id),
            kind: SessionKindDocument::Visit,
            place: place.id.clone(),
            minutes: visit.minutes.unwrap_or(1).clamp(1, 1440),
            options,
            deputies: may.into_iter().map(str::to_owned).collect(),
            seats: 1,
            hosts: None,
            earliest: None,
            announced: false,
            priority: 1 + u8::from(named.iter().any(|id| behind.contains(id))),
            matters: Vec::new(),
        });
    }
    found.places = places.into_values().collect();
    found
}

/// The place that stands for a unit's households: where its first station is, so that the way there counts.
fn place(unit: &Unit, around: &Surroundings<'_>) -> PlaceDocument {
    let station = around.stations.iter().find(|station| station.unit == unit.id && station.location.is_some());
    let at = station.and_then(|station| station.location);
    PlaceDocument {
        id: format!("{}{MARK}", unit.id),
        name: unit.name.clone(),
        unit: unit.id.to_string(),
        location: at.map(|at| LocationDocument { latitude: at.latitude, longitude: at.longitude }),
        opening: None,
    }
}

/// A start in each half day within what is wanted.
fn half_days(
    visit: &Visit,
    stands: Option<&StandingVisit>,
    today: NaiveDate,
    days: &[DatedDay],
) -> Vec<ReceptionOptionDocument> {
    let Some(wish) = visit.wish() else { return Vec::new() };
    let stored = visit.time().filter(|_| visit.status == VisitStatus::Planned).map(|(date, start, _)| (date, start));
    let now = stands.map(|stands| (stands.date, stands.start_minute)).or(stored);
    let is_wanted = |day: &&DatedDay| day.date >= today.max(wish.from) && day.date <= wish.until;
    let is_off_alone = days.iter().filter(is_wanted).all(|day| day.is_off);
    let mut starts: Vec<(NaiveDate, u16)> = days
        .iter()
        .filter(is_wanted)
        .filter(|day| is_off_alone || !day.is_off)
        .flat_map(|day| {
            HALF_DAYS.iter().filter_map(move |&(begins, ends)| {
                let (first, last) = (begins.max(wish.hours.0), ends.min(wish.hours.1));
                (first.saturating_add(wish.minutes) <= last).then_some((day.date, first))
            })
        })
        .collect();
    // The hour at which it stands is one of its hours, whatever else could be chosen.
    starts.extend(now.filter(|now| !starts.contains(now)));
    starts.sort_unstable();
    let weight = |start: &(NaiveDate, u16)| u16::from(now.is_some_and(|now| now != *start));
    let option = |start: (NaiveDate, u16)| ReceptionOptionDocument {
        start: local_minute(start.0, start.1).into(),
        venue: None,
        weight: weight(&start),
    };
    starts.into_iter().map(option).collect()
}

/// Who makes which visits that stand, by the names of the problem.
pub(super) fn visitors(
    documents: &[ReceptionDocument],
    standing: &HashMap<String, StandingVisit>,
) -> Vec<(String, String)> {
    let stands = |document: &ReceptionDocument| {
        let stands = standing.get(document.id.strip_suffix(MARK)?)?;
        let start = local_minute(stands.date, stands.start_minute).into();
        Some((stands.person.to_string(), document.need_id(start)))
    };
    documents.iter().filter(|document| document.is_visit()).filter_map(stands).collect()
}

/// What the roster decides about the visits of its problem, as rows. `versions` are those of the visits that were
/// planned, by what the problem calls them.
///
/// # Errors
/// [`DbError::Internal`] when the roster and the problem do not fit each other.
pub(super) fn planned_visits(
    schedule: &ScheduleId,
    versions: &HashMap<String, i64>,
    decided: &[PlannedReceptionDocument],
) -> DbResult<Vec<PlannedVisit>> {
    decided
        .iter()
        .filter(|planned| is_visit(&planned.reception))
        .map(|planned| row(schedule, versions, planned))
        .collect()
}

fn row(
    schedule: &ScheduleId,
    versions: &HashMap<String, i64>,
    planned: &PlannedReceptionDocument,
) -> DbResult<PlannedVisit> {
    let odd = |what: &str| DbError::Internal(format!("the roster's visit {what} is not one of its problem"));
    let minute = |at: chrono::NaiveDateTime| u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
    let id = planned.reception.trim_end_matches(MARK);
    let (start, end) = (planned.start.map(|at| at.get()), planned.end.map(|at| at.get()));
    let person = planned.deputies.first();
    Ok(PlannedVisit {
        schedule: schedule.clone(),
        visit: VisitId::parse(id).map_err(|_| odd(id))?,
        visit_version: versions.get(&planned.reception).copied().ok_or_else(|| odd(id))?,
        is_made: planned.held,
        person: person.map(|id| PersonId::parse(id).map_err(|_| odd(id))).transpose()?,
        date: start.map(|at| at.date()),
        start_minute: start.map(minute),
        // A visit that ends at midnight ends with its day.
        end_minute: end.map(|at| if minute(at) == 0 { 24 * 60 } else { minute(at) }),
        reason_zh: planned.reason_zh.clone(),
        reason_en: planned.reason_en.clone(),
        is_carried_out: false,
        former: None,
    })
}

/// Whether the problem's name is that of a visit.
#[must_use]
pub(super) fn is_visit(id: &str) -> bool {
    id.ends_with(MARK)
}
