//! From the entities of a week to the solver's problem document: pure, without database or clock.
//!
//! References to units, stations or people that are not among the given ones are dropped: they lie outside the part
//! that is planned. Deputies and information officers are there for receptions alone: they never stand at posts.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use paiban_solver::document::{
    ActiveDocument, CalendarDay, CalendarDocument, CategoryDocument, ContractDocument, DutyDocument, HistoryDocument,
    HorizonDocument, HostDocument, LimitsDocument, LocationDocument, NeedDocument, PersonDocument, PersonSkillDocument,
    PlaceDocument, PostDocument, ProblemDocument, ProfileDocument, RangeDocument, ShiftTypeDocument, SkillDocument,
    SkillRequirement, TimeSpan, TypeLimitDocument, UnitDocument, WishDocument, WishKindDocument,
};

use super::hearings::{Surroundings, hearings};
use super::outreach::case_documents;
use crate::domain::expand::{DatedDay, LocalSpan, availability_spans, dated_days, join, local_minute, opening_spans};
use crate::domain::{
    ApartPair, Availability, AvailabilityKind, CalendarYear, Case, Category, Contract, LedgerWeek, Lending, Location,
    Person, PersonId, Post, Secondment, ShiftType, Skill, Station, StationId, Unit, UnitLevel,
};

pub use super::hearings::ReceptionInput;
pub use super::standing::{StandingCases, StandingReception};
pub use super::visiting::{StandingVisit, VisitInput};

/// The entities of a planned stretch of days.
#[derive(Debug, Clone, Copy)]
pub struct WeekInput<'a> {
    /// First day.
    pub start: NaiveDate,
    /// Number of days, 7 for a week.
    pub days: u16,
    /// Plan even though no published calendar covers the days.
    pub accept_draft_calendar: bool,
    /// Statutory calendars; days of each sorted by date.
    pub calendars: &'a [CalendarYear],
    /// Units: those of the stations and people given, and all above them.
    pub units: &'a [Unit],
    /// Stations.
    pub stations: &'a [Station],
    /// Skills.
    pub skills: &'a [Skill],
    /// Shift types.
    pub shift_types: &'a [ShiftType],
    /// Contract forms.
    pub contracts: &'a [Contract],
    /// People.
    pub people: &'a [Person],
    /// Secondments, also past and future ones.
    pub secondments: &'a [Secondment],
    /// Lendings, also past and future ones.
    pub lendings: &'a [Lending],
    /// Statements of availability.
    pub availability: &'a [Availability],
    /// Posts; retired ones are left out.
    pub posts: &'a [Post],
    /// The ledger; only the three weeks before the first day count.
    pub ledger: &'a [LedgerWeek],
    /// Stations that people know from earlier weeks.
    pub familiar_places: &'a [(PersonId, StationId)],
    /// People who may not share a post.
    pub apart: &'a [ApartPair],
    /// Open cases; only those that are triaged and have nobody are planned. All of them say which deputies fit.
    pub cases: &'a [Case],
    /// Which cases are decided instead and how they stand, when something has happened to a roster.
    pub standing: Option<&'a StandingCases>,
    /// Receptions, if the plan decides about them.
    pub receptions: Option<ReceptionInput<'a>>,
}

/// The problem document of the entities, without pins and published duties, under the given profile.
#[must_use]
pub fn assemble(input: &WeekInput<'_>, profile: ProfileDocument) -> ProblemDocument {
    let dated = dated_days(input.calendars, input.start, input.days);
    let horizon = HorizonDocument { start: input.start, days: input.days };
    let mut document = ProblemDocument::empty(horizon, calendar(input, &dated));
    document.profile = profile;
    document.units = input
        .units
        .iter()
        .map(|unit| UnitDocument {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            parent: unit.parent.as_ref().map(ToString::to_string),
            street: unit.level == UnitLevel::Street,
            escalations: None,
        })
        .collect();
    document.places = input.stations.iter().map(|station| place(station, &dated)).collect();
    document.skills =
        input.skills.iter().map(|skill| SkillDocument { id: skill.id.to_string(), name: skill.name.clone() }).collect();
    document.shift_types = input.shift_types.iter().map(shift_type).collect();
    let around = Surroundings {
        units: input.units,
        stations: input.stations,
        people: input.people,
        cases: input.cases,
        days: &dated,
    };
    // Who turns the rule of receptions off plans none.
    let is_off = document.profile.rules.get("H13").is_some_and(|rule| rule.on == Some(false));
    let found = input.receptions.filter(|_| !is_off).map(|input| hearings(&input, &around)).unwrap_or_default();
    document.people = People::new(input, &dated).documents(&found.guests);
    document.places.extend(found.places);
    document.receptions = found.receptions;
    document.venues = found.venues;
    let present: HashSet<&str> = document.people.iter().map(|person| person.id.as_str()).collect();
    document.needs = input.posts.iter().filter(|post| !post.retired).map(|post| need(post, &present)).collect();
    let units: HashSet<&str> = input.units.iter().map(|unit| unit.id.as_str()).collect();
    document.cases = case_documents(input.cases, &dated, &present, &units, input.standing);
    document.apart = input
        .apart
        .iter()
        .filter(|pair| present.contains(pair.first.as_str()) && present.contains(pair.second.as_str()))
        .map(|pair| [pair.first.to_string(), pair.second.to_string()])
        .collect();
    document
}

/// A duty as pins and published rosters name it: the time is the post's own.
#[must_use]
pub fn duty(person: &str, post: &str) -> DutyDocument {
    DutyDocument {
        person: person.to_owned(),
        need: post.to_owned(),
        start: None,
        end: None,
        person_name: None,
        place_name: None,
    }
}

fn calendar(input: &WeekInput<'_>, dated: &[DatedDay]) -> CalendarDocument {
    let listed = |date: NaiveDate| {
        let days = input.calendars.iter().flat_map(|year| &year.days);
        days.into_iter().find(|day| day.date == date)
    };
    let days = dated.iter().filter(|day| day.is_published).map(|day| {
        let entry = listed(day.date);
        CalendarDay {
            date: day.date,
            off: day.is_off,
            name: entry.and_then(|entry| entry.name.clone()),
            source: entry.and_then(|entry| entry.source.clone()),
        }
    });
    CalendarDocument { draft: input.accept_draft_calendar, days: days.collect() }
}

fn location(location: Location) -> LocationDocument {
    LocationDocument { latitude: location.latitude, longitude: location.longitude }
}

fn time_span(span: LocalSpan) -> TimeSpan {
    TimeSpan { start: span.start.into(), end: span.end.into() }
}

fn place(station: &Station, dated: &[DatedDay]) -> PlaceDocument {
    PlaceDocument {
        id: station.id.to_string(),
        name: station.name.clone(),
        unit: station.unit.to_string(),
        location: station.location.map(location),
        opening: opening_spans(station, dated).map(|spans| spans.into_iter().map(time_span).collect()),
    }
}

fn range(min: Option<u16>, max: Option<u16>) -> Option<RangeDocument> {
    (min.is_some() || max.is_some()).then(|| RangeDocument { min: min.unwrap_or(0), max })
}

fn shift_type(kind: &ShiftType) -> ShiftTypeDocument {
    ShiftTypeDocument {
        id: kind.id.to_string(),
        name: kind.name.clone(),
        forbidden_next: kind.forbidden_next.iter().map(ToString::to_string).collect(),
        consecutive_days: range(kind.min_consecutive_days, kind.max_consecutive_days),
    }
}

fn need(post: &Post, present: &HashSet<&str>) -> NeedDocument {
    NeedDocument::Post(PostDocument {
        id: post.id.to_string(),
        place: post.station.to_string(),
        start: local_minute(post.date, post.start_minute).into(),
        end: local_minute(post.date, post.end_minute).into(),
        skill: post.skill.as_ref().map(|skill| SkillRequirement { id: skill.to_string(), level: post.skill_level }),
        shift_type: post.shift_type.as_ref().map(ToString::to_string),
        min: post.min_heads,
        target: Some(post.target_heads).filter(|target| *target != post.min_heads),
        max: Some(post.max_heads).filter(|max| *max != post.target_heads),
        priority: post.priority,
        mix: post.mix,
        excluded: post
            .excluded
            .iter()
            .map(PersonId::as_str)
            .filter(|person| present.contains(person))
            .map(str::to_owned)
            .collect(),
        weight_below_target: None,
        weight_above_target: None,
    })
}

/// Lists that belong to one person, by person.
fn by_person<T>(entries: &[T], person: impl Fn(&T) -> &PersonId) -> HashMap<&str, Vec<&T>> {
    let mut lists: HashMap<&str, Vec<&T>> = HashMap::new();
    for entry in entries {
        lists.entry(person(entry).as_str()).or_default().push(entry);
    }
    lists
}

/// What the documents of people are made from.
struct People<'a> {
    input: &'a WeekInput<'a>,
    dated: &'a [DatedDay],
    last: NaiveDate,
    units: HashSet<&'a str>,
    stations: HashSet<&'a str>,
    contracts: HashMap<&'a str, &'a Contract>,
    secondments: HashMap<&'a str, Vec<&'a Secondment>>,
    lendings: HashMap<&'a str, Vec<&'a Lending>>,
    availability: HashMap<&'a str, Vec<&'a Availability>>,
    ledger: HashMap<&'a str, Vec<&'a LedgerWeek>>,
    familiar_places: HashMap<&'a str, Vec<&'a (PersonId, StationId)>>,
}

impl<'a> People<'a> {
    fn new(input: &'a WeekInput<'a>, dated: &'a [DatedDay]) -> Self {
        Self {
            input,
            dated,
            last: dated.last().map_or(input.start, |day| day.date),
            units: input.units.iter().map(|unit| unit.id.as_str()).collect(),
            stations: input.stations.iter().map(|station| station.id.as_str()).collect(),
            contracts: input.contracts.iter().map(|contract| (contract.id.as_str(), contract)).collect(),
            secondments: by_person(input.secondments, |entry| &entry.person),
            lendings: by_person(input.lendings, |entry| &entry.person),
            availability: by_person(input.availability, |entry| &entry.person),
            ledger: by_person(input.ledger, |entry| &entry.person),
            familiar_places: by_person(input.familiar_places, |entry| &entry.0),
        }
    }

    /// Everybody who may stand at posts, and those who come to receptions alone.
    fn documents(&self, guests: &BTreeSet<String>) -> Vec<PersonDocument> {
        let rostered = |person: &&Person| is_rostered(person.category) || guests.contains(person.id.as_str());
        let at_posts = self.input.people.iter().filter(rostered);
        at_posts.map(|person| self.document(person)).collect()
    }

    fn document(&self, person: &Person) -> PersonDocument {
        let id = person.id.as_str();
        let contract = person.contract.as_ref().and_then(|contract| self.contracts.get(contract.as_str()).copied());
        // The first listed counts when somebody has made two overlap.
        let secondment = self
            .secondments
            .get(id)
            .and_then(|all| all.iter().find(|entry| self.falls_within(Some(entry.from_date), entry.to_date)).copied());
        let (unavailable, wishes) = self.availability(id);
        PersonDocument {
            id: person.id.to_string(),
            name: person.name.clone(),
            category: category(person.category),
            home_unit: person.home_unit.to_string(),
            home: person.home.map(location),
            skills: person
                .skills
                .iter()
                .map(|skill| PersonSkillDocument {
                    id: skill.skill.to_string(),
                    level: skill.level,
                    valid_until: skill.valid_until,
                })
                .collect(),
            scope: self.scope(person, secondment),
            max_distance_metres: person.max_distance_metres,
            active: active(person, secondment),
            unavailable,
            limits: contract.map(limits).unwrap_or_default(),
            contract: contract_document(contract, secondment, &self.units),
            trainee: person.trainee,
            newcomer: person.newcomer,
            wishes,
            familiar_places: self
                .familiar_places
                .get(id)
                .into_iter()
                .flatten()
                .map(|entry| entry.1.as_str())
                .filter(|station| self.stations.contains(station))
                .map(str::to_owned)
                .collect(),
            history: self.history(id),
        }
    }

    /// Whether a stretch of dates shares a day with the planned ones.
    fn falls_within(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
        from.is_none_or(|from| from <= self.last) && to.is_none_or(|to| self.input.start <= to)
    }

    /// Home, host and lending units; `None` when that is the home unit alone.
    fn scope(&self, person: &Person, secondment: Option<&Secondment>) -> Option<Vec<String>> {
        if !is_rostered(person.category) {
            // Receptions name them; posts are nothing to them.
            return Some(Vec::new());
        }
        let mut units: Vec<&str> = person.scope.iter().map(crate::domain::UnitId::as_str).collect();
        if units.is_empty() {
            units.push(person.home_unit.as_str());
        }
        units.extend(secondment.map(|entry| entry.host_unit.as_str()));
        let lendings = self.lendings.get(person.id.as_str()).into_iter().flatten();
        units.extend(
            lendings
                .filter(|entry| self.falls_within(Some(entry.from_date), entry.to_date))
                .map(|entry| entry.unit.as_str()),
        );
        units.retain(|unit| self.units.contains(unit));
        units.sort_unstable();
        units.dedup();
        let home_alone = matches!(units.as_slice(), [only] if *only == person.home_unit.as_str());
        (!home_alone).then(|| units.into_iter().map(str::to_owned).collect())
    }

    fn availability(&self, person: &str) -> (Vec<TimeSpan>, Vec<WishDocument>) {
        let mut unavailable = Vec::new();
        let mut wishes = Vec::new();
        for statement in self.availability.get(person).into_iter().flatten() {
            let spans = availability_spans(statement, self.dated);
            let kind = match statement.kind {
                AvailabilityKind::Unavailable => {
                    unavailable.extend(spans);
                    continue;
                }
                AvailabilityKind::Undesired => WishKindDocument::Avoid,
                AvailabilityKind::Desired => WishKindDocument::Want,
            };
            if statement.station.as_ref().is_some_and(|station| !self.stations.contains(station.as_str())) {
                continue;
            }
            wishes.extend(spans.into_iter().map(|span| WishDocument {
                kind,
                start: span.start.into(),
                end: span.end.into(),
                shift_type: statement.shift_type.as_ref().map(ToString::to_string),
                place: statement.station.as_ref().map(ToString::to_string),
                weight: statement.weight,
            }));
        }
        (join(unavailable).into_iter().map(time_span).collect(), wishes)
    }

    /// What the ledger says of the three weeks before the first day; `None` for one of whom it says nothing.
    fn history(&self, person: &str) -> Option<HistoryDocument> {
        let weeks = self.ledger.get(person)?;
        let start = self.input.start;
        let week_before = |back: u64| {
            let monday = start.checked_sub_days(Days::new(7 * back))?;
            weeks.iter().find(|week| week.week_start == monday).copied()
        };
        let past = [week_before(3), week_before(2), week_before(1)];
        if past.iter().all(Option::is_none) {
            return None;
        }
        let mut history = HistoryDocument {
            minutes_last_three_weeks: past.map(|week| week.map_or(0, |week| week.minutes)),
            weekends_last_three_weeks: past.map(|week| week.is_some_and(|week| week.weekend_worked)),
            ..HistoryDocument::default()
        };
        if let Some(last) = past[2] {
            let two_days_before = start.and_time(NaiveTime::MIN) - TimeDelta::days(2);
            history.consecutive_days = last.consecutive_days;
            history.consecutive_days_off = last.consecutive_days_off.filter(|days| *days > 0);
            history.consecutive_days_of_type = last.consecutive_days_of_type;
            history.last_shift_type = last.last_shift_type.as_ref().map(ToString::to_string);
            history.last_duty_end = last.last_duty_end.filter(|end| *end >= two_days_before).map(Into::into);
            history.total_duties = last.total_duties;
            history.total_weekends = last.total_weekends;
            history.fairness_minutes = last.fairness_minutes;
            history.fairness_unsocial_duties = last.fairness_unsocial_duties;
        }
        Some(history)
    }
}

/// Whether people of a category stand at posts.
pub(super) const fn is_rostered(category: Category) -> bool {
    !matches!(category, Category::Deputy | Category::InformationOfficer)
}

/// Dates of service: membership, and for a seconded cadre the secondment too (H02).
fn active(person: &Person, secondment: Option<&Secondment>) -> Option<ActiveDocument> {
    let mut dates = ActiveDocument { from: person.active_from, to: person.active_to };
    if let Some(secondment) = secondment.filter(|_| person.category == Category::SecondedCadre) {
        let from = dates.from.max(Some(secondment.from_date));
        let to = dates.to.into_iter().chain(secondment.to_date).min();
        // Dates that exclude each other are a mistake to be shown in the register, not a reason to refuse the plan.
        if to.is_none() || from <= to {
            dates = ActiveDocument { from, to };
        }
    }
    (dates != ActiveDocument::default()).then_some(dates)
}

const fn category(category: Category) -> CategoryDocument {
    match category {
        Category::SecondedCadre => CategoryDocument::SecondedCadre,
        Category::ReassignedStaff => CategoryDocument::ReassignedStaff,
        Category::RecruitedStaff => CategoryDocument::RecruitedStaff,
        // Officers are not rostered; pinned to a post by hand, they count as the volunteers they resemble.
        Category::Volunteer | Category::InformationOfficer => CategoryDocument::Volunteer,
        Category::Deputy => CategoryDocument::Deputy,
    }
}

fn limits(contract: &Contract) -> LimitsDocument {
    LimitsDocument {
        max_minutes_day: contract.max_minutes_day,
        max_duties_day: contract.max_duties_day,
        max_minutes_week: contract.max_minutes_week,
        max_duties_week: contract.max_duties_week,
        max_minutes_four_weeks: contract.max_minutes_four_weeks,
        min_minutes_horizon: contract.min_minutes_horizon,
        max_minutes_horizon: contract.max_minutes_horizon,
        min_rest_minutes: contract.min_rest_minutes,
        max_consecutive_days: contract.max_consecutive_days,
        min_consecutive_days: contract.min_consecutive_days,
        min_consecutive_days_off: contract.min_consecutive_days_off,
        max_weekends_four_weeks: contract.max_weekends_four_weeks,
        max_weekends_horizon: contract.max_weekends_horizon,
        max_duties_of_type: contract
            .type_limits
            .iter()
            .map(|limit| TypeLimitDocument { shift_type: limit.shift_type.to_string(), max: limit.max_duties })
            .collect(),
        max_receptions: None,
    }
}

fn contract_document(
    contract: Option<&Contract>,
    secondment: Option<&Secondment>,
    units: &HashSet<&str>,
) -> ContractDocument {
    let host = secondment
        .filter(|entry| units.contains(entry.host_unit.as_str()))
        .map(|entry| HostDocument { unit: entry.host_unit.to_string(), min_minutes_week: entry.min_minutes_week });
    contract.map_or_else(
        || ContractDocument { host: host.clone(), ..ContractDocument::default() },
        |contract| ContractDocument {
            min_minutes_week: contract.min_minutes_week,
            host: host.clone(),
            consecutive_days: range(contract.soft_min_consecutive_days, contract.soft_max_consecutive_days),
            consecutive_days_off: range(contract.soft_min_consecutive_days_off, contract.soft_max_consecutive_days_off),
            total_duties: range(contract.min_total_duties, contract.max_total_duties),
            max_total_weekends: contract.max_total_weekends,
            complete_weekends: contract.complete_weekends,
        },
    )
}
