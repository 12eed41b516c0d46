//! An invented city of realistic size: the same seed gives the same city.
//!
//! Codes, names and seats of the districts are facts; streets, communities, people, telephone numbers and everything
//! that they do are invented. [`generate`] gives the entities that a database is loaded with, [`problem_document`] the
//! week's problem that follows from them. The city has the counts of the 2007-2009 report on Changchun: 15 guidance
//! centres, 159 streets, 6,472 work stations and service points, 8,300 staff, 20,000 volunteers, 2,000 deputies
//! and 4,300 information officers, a third of whom are among the volunteers and are rostered as such. Residents' open
//! cases, venues, activities and receptions are loaded into databases; of these the problem document holds the posts of
//! activities, the cases that are triaged and wait for somebody, and the week's receptions with the deputies who may
//! receive.

mod availability;
mod calendar;
mod cases;
mod chance;
mod demand;
mod geography;
mod ledger;
mod names;
mod network;
mod people;
mod sharing;

pub use calendar::{STATUTORY_CALENDAR_JSON, read_calendars};

use chrono::{Datelike, Days, NaiveDate};
use paiban_solver::document::{ProblemDocument, ProfileDocument};

use crate::domain::expand::{dated_days, expand_template};
use crate::domain::{
    Activity, ApartPair, Availability, Booking, CalendarYear, Case, CaseCategory, CaseEvent, Contract, DemandTemplate,
    Fault, LedgerWeek, Lending, Matter, Person, PersonId, Post, Quota, Reception, ReceptionStatus, Resource,
    ResourceKind, Secondment, ShiftType, Skill, Station, StationId, Unit, Visit, VisitStatus,
};
use crate::planning::assemble::{ReceptionInput, VisitInput, WeekInput, assemble};
use crate::planning::week::commit;
use crate::reception::quota::{Progress, row};

/// Size of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// One street: about 40 stations, 52 staff, 125 volunteers.
    Street,
    /// One district: eleven streets.
    District,
    /// The whole city: 159 streets.
    City,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 3] = [Self::Street, Self::District, Self::City];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::District => "district",
            Self::City => "city",
        }
    }
}

/// Everything that a database of the demo holds, parents before children and each list in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoCity {
    /// Size.
    pub preset: Preset,
    /// Seed.
    pub seed: u64,
    /// Monday of the week that history leads up to and leave lies in.
    pub week_start: NaiveDate,
    /// Shipped statutory calendars.
    pub calendars: Vec<CalendarYear>,
    /// Units, parents first.
    pub units: Vec<Unit>,
    /// Stations with weekly opening hours.
    pub stations: Vec<Station>,
    /// Skills.
    pub skills: Vec<Skill>,
    /// Shift types.
    pub shift_types: Vec<ShiftType>,
    /// Contract forms.
    pub contracts: Vec<Contract>,
    /// People, with skills and scope.
    pub people: Vec<Person>,
    /// Secondments of cadres.
    pub secondments: Vec<Secondment>,
    /// Lendings to neighbouring streets.
    pub lendings: Vec<Lending>,
    /// Weekly patterns, dated leave, wishes.
    pub availability: Vec<Availability>,
    /// Relatives who may not share a post.
    pub apart: Vec<ApartPair>,
    /// Weekly demand.
    pub templates: Vec<DemandTemplate>,
    /// The three weeks before `week_start`.
    pub ledger: Vec<LedgerWeek>,
    /// Stations that people know.
    pub familiar_places: Vec<(PersonId, StationId)>,
    /// Categories of cases.
    pub case_categories: Vec<CaseCategory>,
    /// Residents' open cases.
    pub cases: Vec<Case>,
    /// How the cases came to stand where they do.
    pub case_events: Vec<CaseEvent>,
    /// Serials used up by the cases' numbers, by prefix.
    pub case_serials: Vec<(String, u32)>,
    /// Venues, vehicles, equipment, goods and funds.
    pub resources: Vec<Resource>,
    /// Activities of the week.
    pub activities: Vec<Activity>,
    /// The posts through which helpers of activities are planned.
    pub activity_posts: Vec<Post>,
    /// Bookings of activities and receptions.
    pub bookings: Vec<Booking>,
    /// Announced receptions.
    pub receptions: Vec<Reception>,
    /// What residents have booked.
    pub matters: Vec<Matter>,
    /// What deputies and stations owe this year.
    pub quotas: Vec<Quota>,
    /// Visits of the week.
    pub visits: Vec<Visit>,
}

/// The demo city of a seed, its history leading up to the week of `week_start` (moved back to its Monday).
#[must_use]
pub fn generate(preset: Preset, seed: u64, week_start: NaiveDate) -> DemoCity {
    let since_monday = u64::from(week_start.weekday().num_days_from_monday());
    let week_start = week_start.checked_sub_days(Days::new(since_monday)).unwrap_or(week_start);
    let mut network = network::network(preset, seed);
    let stations = network.stations.clone();
    let mut city = DemoCity {
        preset,
        seed,
        week_start,
        // The shipped file is tested to be readable.
        calendars: read_calendars(STATUTORY_CALENDAR_JSON).unwrap_or_default(),
        units: std::mem::take(&mut network.units),
        templates: stations.iter().flat_map(|station| demand::templates(station, seed)).collect(),
        stations,
        skills: demand::skills(),
        shift_types: demand::shift_types(),
        contracts: people::contracts(),
        people: Vec::new(),
        secondments: Vec::new(),
        lendings: Vec::new(),
        availability: Vec::new(),
        apart: Vec::new(),
        ledger: Vec::new(),
        familiar_places: Vec::new(),
        case_categories: cases::categories(),
        cases: Vec::new(),
        case_events: Vec::new(),
        case_serials: Vec::new(),
        resources: Vec::new(),
        activities: Vec::new(),
        activity_posts: Vec::new(),
        bookings: Vec::new(),
        receptions: Vec::new(),
        matters: Vec::new(),
        quotas: Vec::new(),
        visits: Vec::new(),
    };
    people::fill(&mut city, &network, preset, seed);
    cases::fill(&mut city, &network, preset, seed);
    sharing::fill(&mut city, &network, seed);
    city
}

impl DemoCity {
    /// How deputies and stations stand with this year's quotas on a day.
    fn progress(&self, today: NaiveDate) -> Vec<Progress> {
        let year = today.year();
        let ends = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
        let Some((from, to)) = ends else { return Vec::new() };
        let mut ahead: std::collections::HashMap<&str, i64> = std::collections::HashMap::new();
        let announced = self.receptions.iter().filter(|reception| reception.status == ReceptionStatus::Announced);
        for reception in announced.filter(|reception| reception.date.year() == year) {
            *ahead.entry(reception.station.as_str()).or_default() += 1;
            for deputy in &reception.deputies {
                *ahead.entry(deputy.as_str()).or_default() += 1;
            }
        }
        let stand = |quota: &Quota| {
            let person = quota.person.as_ref().map(PersonId::as_str);
            let subject = person.or_else(|| quota.station.as_ref().map(StationId::as_str))?;
            let owed = (i64::from(quota.target), i64::from(quota.done_before));
            let counts = (0, ahead.get(subject).copied().unwrap_or(0));
            Some(row(quota.kind, subject, "", owed, counts, (from, to, today)))
        };
        self.quotas.iter().filter_map(stand).collect()
    }

    /// The posts that the templates become in the week of `week_start`, by station, then template, then date; after
    /// them those of activities.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        let days = dated_days(&self.calendars, self.week_start, 7);
        let stations: std::collections::HashMap<&str, &Station> =
            self.stations.iter().map(|station| (station.id.as_str(), station)).collect();
        self.templates
            .iter()
            .filter_map(|template| Some((template, *stations.get(template.station.as_str())?)))
            .flat_map(|(template, station)| expand_template(template, station, &days))
            .chain(self.activity_posts.iter().cloned())
            .collect()
    }
}

/// The problem of the city's week. A week beyond the published calendars is planned on a draft: weekends off.
#[must_use]
pub fn problem_document(city: &DemoCity) -> ProblemDocument {
    let posts = city.posts();
    let is_published = dated_days(&city.calendars, city.week_start, 7).iter().all(|day| day.is_published);
    // The Saturday before, so that Monday is too soon for what is not announced.
    let today = city.week_start - Days::new(2);
    let progress = city.progress(today);
    let venues: Vec<Resource> =
        city.resources.iter().filter(|resource| resource.kind == ResourceKind::Venue).cloned().collect();
    let last = city.week_start + Days::new(6);
    let receptions: Vec<Reception> = city
        .receptions
        .iter()
        .filter(|reception| (city.week_start..=last).contains(&reception.date))
        .cloned()
        .collect();
    let open: Vec<Visit> = city.visits.iter().filter(|visit| visit.status == VisitStatus::Open).cloned().collect();
    let input = WeekInput {
        start: city.week_start,
        days: 7,
        accept_draft_calendar: !is_published,
        calendars: &city.calendars,
        units: &city.units,
        stations: &city.stations,
        skills: &city.skills,
        shift_types: &city.shift_types,
        contracts: &city.contracts,
        people: &city.people,
        secondments: &city.secondments,
        lendings: &city.lendings,
        availability: &city.availability,
        posts: &posts,
        ledger: &city.ledger,
        familiar_places: &city.familiar_places,
        apart: &city.apart,
        cases: &city.cases,
        standing: None,
        receptions: Some(ReceptionInput {
            today,
            receptions: &receptions,
            matters: &city.matters,
            venues: &venues,
            bookings: &city.bookings,
            progress: &progress,
            standing: None,
            visits: VisitInput { today, visits: &open, progress: &progress, standing: None },
        }),
    };
    let mut document = assemble(&input, ProfileDocument::default());
    let visits = city
        .visits
        .iter()
        .filter(|visit| visit.status == VisitStatus::Planned)
        .filter_map(|visit| Some((visit.person.as_ref()?, visit.time()?)))
        .filter(|(_, (date, ..))| (city.week_start..=last).contains(date));
    commit(&mut document, visits.map(|(person, (date, start, end))| (person, date, start, end)));
    document.description = Some(format!("paiban demo, preset {}, seed {}", city.preset.as_str(), city.seed));
    document
}

/// An id that the generator made itself.
#[expect(clippy::expect_used, reason = "made from codes and counters; a test generates every preset")]
fn parsed<T>(id: Result<T, Fault>) -> T {
    id.expect("the generator makes well-formed ids")
}
