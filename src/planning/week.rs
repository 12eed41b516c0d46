//! From a stored schedule to the problem that its week poses.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, Days, NaiveDate};
use paiban_solver::document::{ProblemDocument, ProfileDocument, RuleSettingDocument, TimeSpan};
use thiserror::Error;

use super::assemble::{WeekInput, assemble, duty};
use super::generate::{ends, generate_posts};
use super::sessions::{LoadedHearings, Session, sessions};
use super::standing::StandingCases;
use crate::db::{
    Connection, Db, DbError, DbResult, apart, assignments, bulk, cases, people, planned_cases, posts, profiles,
    schedules, units,
};
use crate::domain::expand::{DatedDay, dated_days, local_minute};
use crate::domain::{
    Assignment, CalendarYear, Person, PersonId, PlannedCase, Post, Schedule, ScheduleId, Unit, UnitId,
};

/// A schedule's problem, and the posts that its needs are.
#[derive(Debug, Clone)]
pub struct PreparedWeek {
    /// The schedule.
    pub schedule: Schedule,
    /// The problem; its needs carry the posts' ids.
    pub document: ProblemDocument,
    /// Posts by id.
    pub posts: HashMap<String, Post>,
    /// Versions of the receptions and visits that it decides about, by what the problem calls them.
    pub receptions: HashMap<String, i64>,
}

/// Why a week cannot be planned.
#[derive(Debug, Error)]
pub enum PrepareError {
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No published statutory calendar covers the week.
    #[error(
        "no published statutory calendar covers {date}: publish the calendar of {}, or accept a draft calendar for this \
         schedule",
        date.year()
    )]
    CalendarMissing {
        /// First day that is not covered.
        date: NaiveDate,
    },
    /// The stored settings of the constraint profile cannot be read.
    #[error("version {version} of constraint profile {profile} cannot be read: {cause}; store a corrected version")]
    ProfileUnreadable {
        /// Profile.
        profile: String,
        /// Version.
        version: u32,
        /// What is wrong.
        cause: String,
    },
    /// The stored data make no problem that can be planned.
    #[error("the stored data of the week make no problem: {0}")]
    Invalid(String),
    /// The week has no posts.
    #[error("unit {unit} has no posts in this week: add demand templates or posts, or correct the opening hours")]
    NothingToPlan {
        /// Unit planned.
        unit: String,
    },
}

impl PrepareError {
    /// Stable English code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Db(error) => error.code(),
            Self::CalendarMissing { .. } => "calendar-missing",
            Self::ProfileUnreadable { .. } => "profile-unreadable",
            Self::Invalid(_) => "invalid-problem",
            Self::NothingToPlan { .. } => "nothing-to-plan",
        }
    }
}

/// Brings the week's posts in step with the templates and assembles the schedule's problem as of a day, from which the
/// notice of receptions counts. Holds no connection when it returns.
///
/// # Errors
/// See [`PrepareError`].
pub fn prepare(db: &Db, id: &ScheduleId, today: NaiveDate) -> Result<PreparedWeek, PrepareError> {
    let schedule = db.read(|conn| schedules::get(conn, id))?;
    let days = require_calendar(db, &schedule)?;
    db.write(|tx| generate_posts(tx, &schedule.unit, &days))?;
    let loaded = db.snapshot(|conn| Loaded::read(conn, schedule, Some(today)))?;
    loaded.prepare()
}

/// The problem of a schedule's week as it is stored, without bringing the posts in step first. What the schedule has
/// decided about receptions stays, and takes its people's time.
///
/// # Errors
/// See [`PrepareError`].
pub fn prepare_stored(conn: &mut Connection, schedule: Schedule) -> Result<PreparedWeek, PrepareError> {
    Loaded::read(conn, schedule, None)?.prepare()
}

/// The days of a schedule, if the statutory calendar allows to plan them. The API calls this before it queues a job,
/// so that the refusal answers the request.
///
/// # Errors
/// [`PrepareError::CalendarMissing`] unless every day is published or a draft is accepted.
pub fn require_calendar(db: &Db, schedule: &Schedule) -> Result<Vec<DatedDay>, PrepareError> {
    let calendars = db.read(|conn| calendars(conn, schedule))?;
    let days = dated_days(&calendars, schedule.week_start, schedule.days);
    match days.iter().find(|day| !day.is_published) {
        Some(day) if !schedule.accept_draft_calendar => Err(PrepareError::CalendarMissing { date: day.date }),
        _ => Ok(days),
    }
}

pub(super) fn calendars(conn: &mut Connection, schedule: &Schedule) -> DbResult<Vec<CalendarYear>> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    bulk::calendars(conn, first.year()..=last.year())
}

/// Everything that the problem is made of.
pub(super) struct Loaded {
    pub(super) schedule: Schedule,
    pub(super) profile: (String, String),
    pub(super) calendars: Vec<CalendarYear>,
    pub(super) units: Vec<Unit>,
    pub(super) people: Vec<Person>,
    pub(super) posts: Vec<Post>,
    pub(super) stations: Vec<crate::domain::Station>,
    pub(super) skills: Vec<crate::domain::Skill>,
    pub(super) shift_types: Vec<crate::domain::ShiftType>,
    pub(super) contracts: Vec<crate::domain::Contract>,
    pub(super) secondments: Vec<crate::domain::Secondment>,
    pub(super) lendings: Vec<crate::domain::Lending>,
    pub(super) availability: Vec<crate::domain::Availability>,
    pub(super) ledger: Vec<crate::domain::LedgerWeek>,
    pub(super) familiar_places: Vec<(PersonId, crate::domain::StationId)>,
    pub(super) apart: Vec<crate::domain::ApartPair>,
    pub(super) cases: Vec<crate::domain::Case>,
    /// Which of them are decided, when something has happened to a roster.
    pub(super) standing: Option<StandingCases>,
    /// When people of the plan work cases by other rosters.
    pub(super) outreach: Vec<PlannedCase>,
    /// What the schedule sends up, when something has happened to its roster.
    pub(super) sent_up: Vec<PlannedCase>,
    /// Receptions to decide about.
    pub(super) hearings: Option<LoadedHearings>,
    /// Receptions that are decided elsewhere and take people's time.
    pub(super) sessions: Vec<Session>,
    pub(super) pins: Vec<Assignment>,
    pub(super) published: Vec<Assignment>,
    pub(super) elsewhere: Vec<Assignment>,
}

/// Weeks of history that rules look back on.
pub(super) const HISTORY_WEEKS: u64 = 3;

impl Loaded {
    fn read(conn: &mut Connection, schedule: Schedule, today: Option<NaiveDate>) -> DbResult<Self> {
        let (first, last) = ends(schedule.week_start, schedule.days);
        let root = &schedule.unit;
        let stored_profile = profiles::get(conn, &schedule.profile)?;
        let version = profiles::get_version(conn, &schedule.profile, schedule.profile_version)?;
        let pins: Vec<Assignment> =
            assignments::of_schedule(conn, &schedule.id)?.into_iter().filter(|duty| duty.pinned).collect();
        let published = bulk::published_within(conn, root, first, last)?;
        let mut crowd = bulk::people_serving(conn, root, first, last)?;
        add_pinned(conn, &mut crowd, &pins)?;
        let hearings = today.map(|today| LoadedHearings::read(conn, &schedule, today)).transpose()?;
        if let Some(hearings) = &hearings {
            add_people(conn, &mut crowd, hearings.people())?;
        }
        let sessions = sessions(conn, &schedule, hearings.as_ref())?;
        let ids: Vec<PersonId> = crowd.iter().map(|person| person.id.clone()).collect();
        let stations = bulk::stations(conn, root)?;
        let here: HashSet<&str> = stations.iter().map(|station| station.id.as_str()).collect();
        let elsewhere = bulk::published_of(conn, &ids, first, last)?
            .into_iter()
            .filter(|duty| !here.contains(duty.station.as_str()))
            .collect();
        let history = first.checked_sub_days(Days::new(7 * HISTORY_WEEKS)).unwrap_or(first);
        Ok(Self {
            profile: (stored_profile.name, version.rules),
            calendars: calendars(conn, &schedule)?,
            units: units_of(conn, root, &crowd)?,
            posts: posts::within(conn, root, first, last)?.into_iter().filter(|post| !post.retired).collect(),
            skills: bulk::skills(conn)?,
            shift_types: bulk::shift_types(conn)?,
            contracts: bulk::contracts(conn)?,
            secondments: bulk::secondments(conn, &ids, first, last)?,
            lendings: bulk::lendings(conn, &ids, first, last)?,
            availability: bulk::availability(conn, &ids, first, last)?,
            ledger: bulk::ledger(conn, &ids, history, first)?,
            familiar_places: bulk::familiar_places(conn, &ids)?,
            apart: apart::all(conn)?,
            cases: cases::open_within(conn, root)?,
            standing: None,
            sent_up: Vec::new(),
            outreach: planned_cases::in_force(conn, &ids, &schedule.id, first, last)?,
            hearings,
            sessions,
            people: crowd,
            stations,
            pins,
            published,
            elsewhere,
            schedule,
        })
    }

    pub(super) fn prepare(self) -> Result<PreparedWeek, PrepareError> {
        let is_without = self.hearings.as_ref().is_none_or(LoadedHearings::is_empty);
        if self.posts.is_empty() && self.cases.is_empty() && is_without {
            return Err(PrepareError::NothingToPlan { unit: self.schedule.unit.to_string() });
        }
        let profile = self.profile()?;
        let mut document = assemble(
            &WeekInput {
                start: self.schedule.week_start,
                days: self.schedule.days,
                accept_draft_calendar: self.schedule.accept_draft_calendar,
                calendars: &self.calendars,
                units: &self.units,
                stations: &self.stations,
                skills: &self.skills,
                shift_types: &self.shift_types,
                contracts: &self.contracts,
                people: &self.people,
                secondments: &self.secondments,
                lendings: &self.lendings,
                availability: &self.availability,
                posts: &self.posts,
                ledger: &self.ledger,
                familiar_places: &self.familiar_places,
                apart: &self.apart,
                cases: &self.cases,
                standing: self.standing.as_ref(),
                receptions: self.hearings.as_ref().map(LoadedHearings::input),
            },
            profile,
        );
        self.add_duties(&mut document);
        let elsewhere = self.elsewhere.iter().map(|duty| (&duty.person, duty.date, duty.start_minute, duty.end_minute));
        let outreach = self
            .outreach
            .iter()
            .filter_map(|case| Some((case.person.as_ref()?, case.date?, case.start_minute?, case.end_minute?)));
        let sessions = self.sessions.iter().flat_map(|session| {
            let (date, start, end) = session.time;
            session.people.iter().map(move |person| (person, date, start, end))
        });
        commit(&mut document, elsewhere.chain(outreach).chain(sessions));
        let posts = self.posts.into_iter().map(|post| (post.id.to_string(), post)).collect();
        let receptions = self.hearings.as_ref().map(LoadedHearings::versions).unwrap_or_default();
        Ok(PreparedWeek { schedule: self.schedule, document, posts, receptions })
    }

    fn profile(&self) -> Result<ProfileDocument, PrepareError> {
        let (name, rules) = &self.profile;
        let rules: BTreeMap<String, RuleSettingDocument> =
            serde_json::from_str(rules).map_err(|error| PrepareError::ProfileUnreadable {
                profile: self.schedule.profile.to_string(),
                version: self.schedule.profile_version,
                cause: error.to_string(),
            })?;
        Ok(ProfileDocument { name: name.clone(), version: self.schedule.profile_version, rules })
    }

    /// Pins of this schedule and the roster in force, as far as their people and posts are in the document.
    fn add_duties(&self, document: &mut ProblemDocument) {
        let people: HashSet<&str> = document.people.iter().map(|person| person.id.as_str()).collect();
        let needs: HashSet<&str> = self.posts.iter().map(|post| post.id.as_str()).collect();
        let present =
            |entry: &&Assignment| people.contains(entry.person.as_str()) && needs.contains(entry.post.as_str());
        let name = |entry: &Assignment| duty(entry.person.as_str(), entry.post.as_str());
        let pins = self.pins.iter().filter(present).map(name).collect();
        // A day may be covered by a district's schedule and a street's; the same duty counts once.
        let mut seen = HashSet::new();
        let published = self
            .published
            .iter()
            .filter(present)
            .filter(|entry| seen.insert((entry.person.as_str(), entry.post.as_str())))
            .map(name)
            .collect();
        document.pins = pins;
        document.published = published;
    }
}

/// Somebody's time on a day, from one minute to another.
pub(crate) type Commitment<'a> = (&'a PersonId, NaiveDate, u16, u16);

/// Duties in force at other units and at cases take their time away from this plan, and count towards the weekly
/// minutes.
pub(crate) fn commit<'a>(document: &mut ProblemDocument, commitments: impl Iterator<Item = Commitment<'a>>) {
    let mut by_person: HashMap<&str, Vec<Commitment<'a>>> = HashMap::new();
    for commitment in commitments {
        by_person.entry(commitment.0.as_str()).or_default().push(commitment);
    }
    for person in &mut document.people {
        let Some(commitments) = by_person.get(person.id.as_str()) else { continue };
        let mut minutes = 0;
        for &(_, date, start, end) in commitments {
            minutes += u32::from(end.saturating_sub(start));
            person
                .unavailable
                .push(TimeSpan { start: local_minute(date, start).into(), end: local_minute(date, end).into() });
        }
        person.unavailable.sort_unstable();
        person.contract.min_minutes_week = person.contract.min_minutes_week.saturating_sub(minutes);
        if let Some(most) = &mut person.limits.max_minutes_week {
            *most = most.saturating_sub(minutes);
        }
    }
}

/// A pin may name somebody who may not serve here: the plan has to know them, so that the override is reported.
pub(super) fn add_pinned(conn: &mut Connection, crowd: &mut Vec<Person>, pins: &[Assignment]) -> DbResult<()> {
    add_people(conn, crowd, pins.iter().map(|pin| &pin.person))
}

/// Adds people who are not there yet.
pub(super) fn add_people<'a>(
    conn: &mut Connection,
    crowd: &mut Vec<Person>,
    wanted: impl Iterator<Item = &'a PersonId>,
) -> DbResult<()> {
    let known: HashSet<PersonId> = crowd.iter().map(|person| person.id.clone()).collect();
    let mut missing: Vec<&PersonId> = wanted.filter(|id| !known.contains(*id)).collect();
    missing.sort_unstable();
    missing.dedup();
    for id in missing {
        crowd.push(people::get(conn, id)?);
    }
    crowd.sort_unstable_by(|left, right| left.id.cmp(&right.id));
    Ok(())
}

/// The subtree, the home units of the people, and all units above these.
fn units_of(conn: &mut Connection, root: &UnitId, crowd: &[Person]) -> DbResult<Vec<Unit>> {
    let all = units::all(conn)?;
    let parents: HashMap<&UnitId, Option<&UnitId>> = all.iter().map(|unit| (&unit.id, unit.parent.as_ref())).collect();
    let mut wanted: HashSet<&UnitId> = HashSet::new();
    let below = units::within(conn, root)?;
    for unit in below.iter().map(|unit| &unit.id).chain(crowd.iter().map(|person| &person.home_unit)) {
        let mut at = Some(unit);
        while let Some(unit) = at {
            if !wanted.insert(unit) {
                break;
            }
            at = parents.get(unit).copied().flatten();
        }
    }
    Ok(all.iter().filter(|unit| wanted.contains(&unit.id)).cloned().collect())
}
