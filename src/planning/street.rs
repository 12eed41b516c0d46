//! Streets of a stored schedule as a problem of their own: their posts, cases and receptions, everybody who may serve
//! there, and what these people do elsewhere in the same schedule. Nothing else of the city is read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use paiban_solver::document::{CaseDocument, EventDocument, ProblemDocument, ReceptionDocument, resolve_events};
use paiban_solver::explain::street::{Street, by_person};
use paiban_solver::problem::{Duty, NeedIx, PersonIx, Problem, UnitIx};
use paiban_solver::replan::apply;

use super::generate::ends;
use super::sessions::{LoadedHearings, sessions};
use super::standing::{StandingCases, StandingReception};
use super::visiting::{StandingVisit, visitors};
use super::week::{HISTORY_WEEKS, Loaded, PrepareError, PreparedWeek, add_people, add_pinned, calendars};
use crate::db::{Connection, Db, DbError, DbResult, apart, bulk, cases, planned_cases, posts, profiles, units};
use crate::domain::expand::local_minute;
use crate::domain::{
    Assignment, CaseId, Category, Person, PersonId, PlannedCase, Post, Schedule, Settlement, StationId, Unit, UnitId,
    UnitLevel, local_date,
};

/// Some streets of a schedule.
pub struct StreetWeek {
    /// The schedule.
    pub schedule: Schedule,
    /// The problem as a document.
    pub document: ProblemDocument,
    /// The problem, with what has happened since as far as the schedule knows of it.
    pub problem: Problem,
    /// The schedule's duties of everybody in the problem.
    pub duties: Vec<Duty>,
    /// Posts by id.
    pub posts: HashMap<String, Post>,
    /// How its receptions stand, by id.
    pub receptions: HashMap<String, StandingReception>,
    /// How its visits stand, by id.
    pub visits: HashMap<String, StandingVisit>,
    /// Which cases it decides about, and how they stand.
    pub cases: StandingCases,
    /// Versions of its receptions and visits, by what the problem calls them.
    pub versions: HashMap<String, i64>,
    /// What has happened since the version from which this one was replanned.
    pub events: Vec<EventDocument>,
}

impl StreetWeek {
    /// The position of a post in the problem.
    #[must_use]
    pub fn need(&self, post: &str) -> Option<NeedIx> {
        self.problem.needs.iter().position(|need| need.id == post).map(NeedIx::from_index)
    }

    /// The position of a person in the problem.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<PersonIx> {
        self.problem.people.iter().position(|person| person.id == id).map(PersonIx::from_index)
    }

    /// The street of a post; none stands for what lies above street level.
    #[must_use]
    pub fn street_of(&self, need: NeedIx) -> Option<UnitIx> {
        let place = self.problem.needs.get(need.index())?.place;
        self.problem.street_of(self.problem.places.get(place.index())?.unit)
    }

    /// The id of a unit.
    #[must_use]
    pub fn unit_id(&self, unit: UnitIx) -> Option<String> {
        self.problem.units.get(unit.index()).map(|unit| unit.id.clone())
    }

    /// The position of a unit.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<UnitIx> {
        self.problem.units.iter().position(|unit| unit.id == id).map(UnitIx::from_index)
    }

    /// Needs of each person.
    #[must_use]
    pub fn own(&self) -> Vec<Vec<NeedIx>> {
        by_person(&self.problem, &self.duties)
    }

    /// One street as the solver's small problem.
    #[must_use]
    pub fn street(&self, street: Option<UnitIx>) -> Street {
        Street::of(&self.problem, &self.own(), street)
    }
}

/// Reads the streets around some units out of a schedule. Holds no connection when it returns.
///
/// # Errors
/// [`DbError::NotFound`] for a unit outside the schedule's own, and those of [`super::week::prepare`].
pub fn load(db: &Db, schedule: &Schedule, around: &[UnitId]) -> Result<StreetWeek, PrepareError> {
    // What was too near or over when the roster was made is so now.
    let today = local_date(schedule.planned_at.unwrap_or(schedule.created_at));
    load_since(db, schedule, around, today, &[])
}

/// The same as it may be changed from a day on, with cases that have come in since the roster was made.
///
/// # Errors
/// Those of [`load`].
pub fn load_since(
    db: &Db,
    schedule: &Schedule,
    around: &[UnitId],
    today: NaiveDate,
    new_cases: &[CaseId],
) -> Result<StreetWeek, PrepareError> {
    let (loaded, own) = db.snapshot(|conn| {
        let roots = roots(conn, schedule, around)?;
        Loaded::read_streets(conn, schedule.clone(), &roots, (today, new_cases))
    })?;
    let hearings = loaded.hearings.as_ref();
    let standing = hearings.and_then(|hearings| hearings.standing.clone()).unwrap_or_default();
    let visits = hearings.and_then(|hearings| hearings.visits.standing.clone()).unwrap_or_default();
    let cases = loaded.standing.clone().unwrap_or_default();
    let escalated = loaded.escalated_elsewhere(&cases);
    let PreparedWeek { schedule, document, posts, receptions, .. } = loaded.prepare()?;
    let mut problem = document.to_problem().map_err(|errors| {
        let shown: Vec<String> = errors.iter().take(10).map(ToString::to_string).collect();
        PrepareError::Invalid(shown.join("; "))
    })?;
    take_room(&mut problem, &escalated);
    let mut needs: Vec<(String, String)> =
        own.iter().map(|duty| (duty.person.to_string(), duty.post.to_string())).collect();
    needs.extend(seats(&document.receptions, &standing));
    needs.extend(visitors(&document.receptions, &visits));
    needs.extend(outreach(&document.cases, &cases));
    let duties = duties(&problem, &needs);
    let events = events_of(&schedule);
    let mut week = StreetWeek {
        schedule,
        document,
        problem,
        duties,
        posts,
        receptions: standing,
        visits,
        cases,
        versions: receptions,
        events,
    };
    // Events about people and places that are not read here change nothing here.
    for event in week.events.clone() {
        if let Ok(events) = resolve_events(&week.problem, std::slice::from_ref(&event)) {
            for event in &events {
                apply(&mut week.problem, event);
            }
        }
    }
    Ok(week)
}

/// What has happened, as a replanned version keeps it in its certificate.
fn events_of(schedule: &Schedule) -> Vec<EventDocument> {
    let kept = schedule.certificate.as_deref().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let events = kept.and_then(|kept| kept.pointer("/replan/events").cloned());
    events.and_then(|events| serde_json::from_value(events).ok()).unwrap_or_default()
}

/// Who sits at which seats of the receptions that stand.
fn seats(documents: &[ReceptionDocument], standing: &HashMap<String, StandingReception>) -> Vec<(String, String)> {
    let stands = |document: &ReceptionDocument| {
        let stands = standing.get(&document.id)?;
        let start = local_minute(stands.date, stands.start_minute).into();
        let deputies = stands.deputies.iter().map(|deputy| (deputy.to_string(), document.need_id(start)));
        let host = (stands.host.to_string(), document.host_need_id(start));
        Some(deputies.chain([host]).collect::<Vec<_>>())
    };
    documents.iter().filter_map(stands).flatten().collect()
}

/// Who works which case.
fn outreach(documents: &[CaseDocument], standing: &StandingCases) -> Vec<(String, String)> {
    let worked = |document: &CaseDocument| {
        let (person, date, start) = standing.worked.get(&document.id)?;
        Some((person.to_string(), document.need_id(local_minute(*date, *start).into())))
    };
    documents.iter().filter_map(worked).collect()
}

/// Units above take fewer cases from these streets by those that others send up.
fn take_room(problem: &mut Problem, escalated: &BTreeMap<UnitId, u32>) {
    let rooms: Vec<i64> = (0..problem.units.len()).map(|unit| problem.escalations(UnitIx::from_index(unit))).collect();
    for (unit, room) in problem.units.iter_mut().zip(rooms) {
        let sent = UnitId::parse(&unit.id).ok().and_then(|id| escalated.get(&id).copied()).unwrap_or(0);
        if sent > 0 {
            unit.escalations = u32::try_from((room - i64::from(sent)).max(0)).ok();
        }
    }
}

fn duties(problem: &Problem, own: &[(String, String)]) -> Vec<Duty> {
    let people: HashMap<&str, usize> =
        problem.people.iter().enumerate().map(|(at, person)| (person.id.as_str(), at)).collect();
    let needs: HashMap<&str, usize> =
        problem.needs.iter().enumerate().map(|(at, need)| (need.id.as_str(), at)).collect();
    own.iter()
        .filter_map(|(person, need)| {
            let person = PersonIx::from_index(*people.get(person.as_str())?);
            let need = NeedIx::from_index(*needs.get(need.as_str())?);
            let span = problem.needs.get(need.index())?.as_post()?.span;
            Some(Duty { person, need, span })
        })
        .collect()
}

/// The streets of the units, as far as the schedule covers them; a unit above street level stands for itself.
fn roots(conn: &mut Connection, schedule: &Schedule, around: &[UnitId]) -> DbResult<Vec<UnitId>> {
    let top = units::path(conn, &schedule.unit)?;
    // Without H10 everybody may serve everywhere, so that everybody is part of every street.
    if !profile_has_scope(conn, schedule)? {
        return Ok(vec![schedule.unit.clone()]);
    }
    let mut found = BTreeSet::new();
    for unit in around {
        if !units::path(conn, unit)?.starts_with(&top) {
            return Err(DbError::not_found("unit", unit.as_str()));
        }
        let line = units::with_ancestors(conn, &[unit.as_str()])?;
        let street = line.into_iter().find(|unit| unit.level == UnitLevel::Street);
        let root = street.map_or_else(|| unit.clone(), |street| street.id);
        let covered = units::path(conn, &root)?.starts_with(&top);
        found.insert(if covered { root } else { schedule.unit.clone() });
    }
    Ok(found.into_iter().collect())
}

fn profile_has_scope(conn: &mut Connection, schedule: &Schedule) -> DbResult<bool> {
    let version = profiles::get_version(conn, &schedule.profile, schedule.profile_version)?;
    Ok(is_on(&version.rules, "H10"))
}

/// Whether stored settings leave a rule on.
fn is_on(rules: &str, code: &str) -> bool {
    let rules: serde_json::Value = serde_json::from_str(rules).unwrap_or_default();
    rules.get(code).and_then(|rule| rule.get("on")) != Some(&serde_json::Value::Bool(false))
}

impl Loaded {
    /// Everything about some streets, and the schedule's assignments of everybody in it.
    fn read_streets(
        conn: &mut Connection,
        schedule: Schedule,
        roots: &[UnitId],
        (today, new_cases): (NaiveDate, &[CaseId]),
    ) -> DbResult<(Self, Vec<Assignment>)> {
        let (first, last) = ends(schedule.week_start, schedule.days);
        let profile = profiles::get(conn, &schedule.profile)?;
        let version = profiles::get_version(conn, &schedule.profile, schedule.profile_version)?;
        let mut crowd: BTreeMap<PersonId, Person> = BTreeMap::new();
        let (mut stations, mut all_posts) = (Vec::new(), Vec::new());
        let (mut here, mut published) = (Vec::new(), Vec::new());
        for root in roots {
            let serving = bulk::people_serving(conn, root, first, last)?;
            crowd.extend(serving.into_iter().map(|person| (person.id.clone(), person)));
            stations.extend(bulk::stations(conn, root)?);
            all_posts.extend(posts::within(conn, root, first, last)?);
            here.extend(bulk::assigned_within(conn, &schedule.id, root)?);
            published.extend(bulk::published_within(conn, root, first, last)?);
        }
        let mut people: Vec<Person> = crowd.into_values().collect();
        add_pinned(conn, &mut people, &here)?;
        let planned = planned_cases::of_schedule(conn, &schedule.id)?;
        let mut open = Vec::new();
        for root in roots {
            open.extend(cases::open_within(conn, root)?);
        }
        let mut standing = StandingCases { today, ..StandingCases::default() };
        let by_case: HashMap<&CaseId, &PlannedCase> = planned.iter().map(|planned| (&planned.case, planned)).collect();
        for case in &open {
            match by_case.get(&case.id) {
                Some(planned) => standing.add(case, planned),
                None if new_cases.contains(&case.id) => standing.add_new(case),
                None => {}
            }
        }
        let is_without = !is_on(&version.rules, "H13");
        let hearings = (!is_without).then(|| LoadedHearings::read_again(conn, &schedule, roots, today)).transpose()?;
        let handlers: Vec<PersonId> = standing.worked.values().map(|(person, ..)| person.clone()).collect();
        let named = hearings.iter().flat_map(LoadedHearings::people).chain(&handlers);
        add_people(conn, &mut people, named)?;
        let ids: Vec<PersonId> = people.iter().map(|person| person.id.clone()).collect();
        let peers = peers(conn, roots, &people)?;
        let mut everybody = ids.clone();
        everybody.extend(peers.iter().map(|person| person.id.clone()));
        let own = bulk::assigned_to(conn, &schedule.id, &everybody)?;
        let mut outreach = planned_cases::in_force(conn, &ids, &schedule.id, first, last)?;
        outreach.extend(planned.iter().filter(|case| !standing.decided.contains(case.case.as_str())).cloned());
        let elsewhere = bulk::published_outside(conn, &ids, &schedule.unit, first, last)?;
        let outside: HashSet<(PersonId, String)> =
            elsewhere.iter().map(|duty| (duty.person.clone(), duty.post.to_string())).collect();
        published.extend(
            bulk::published_of(conn, &ids, first, last)?
                .into_iter()
                .filter(|duty| !outside.contains(&(duty.person.clone(), duty.post.to_string()))),
        );
        add_far_posts(conn, &own, &mut all_posts, &mut stations)?;
        // One that has moved to another week since is no post of this roster any more.
        all_posts.retain(|post| first <= post.date && post.date <= last);
        let served: HashSet<&str> = own.iter().map(|duty| duty.post.as_str()).collect();
        all_posts.retain(|post| !post.retired || served.contains(post.id.as_str()));
        for post in &mut all_posts {
            // A post withdrawn since is still a post of this roster.
            post.retired = false;
        }
        people.extend(peers);
        let history = first.checked_sub_days(Days::new(7 * HISTORY_WEEKS)).unwrap_or(first);
        let loaded = Self {
            profile: (profile.name, version.rules),
            calendars: calendars(conn, &schedule)?,
            units: Vec::new(),
            posts: all_posts,
            skills: bulk::skills(conn)?,
            shift_types: bulk::shift_types(conn)?,
            contracts: bulk::contracts(conn)?,
            secondments: bulk::secondments(conn, &ids, first, last)?,
            lendings: bulk::lendings(conn, &ids, first, last)?,
            availability: bulk::availability(conn, &ids, first, last)?,
            ledger: bulk::ledger(conn, &everybody, history, first)?,
            familiar_places: bulk::familiar_places(conn, &ids)?,
            apart: apart::all(conn)?,
            cases: open,
            standing: Some(standing),
            sessions: sessions(conn, &schedule, hearings.as_ref())?,
            hearings,
            sent_up: planned.into_iter().filter(|case| case.settlement == Settlement::Escalated).collect(),
            outreach,
            pins: own.iter().filter(|duty| duty.pinned).cloned().collect(),
            people,
            stations,
            published,
            elsewhere,
            schedule,
        };
        let units = loaded.units_named(conn, roots)?;
        Ok((Self { units, ..loaded }, own))
    }

    /// How many cases the schedule sends up to each unit, other than those that are decided here.
    fn escalated_elsewhere(&self, decided: &StandingCases) -> BTreeMap<UnitId, u32> {
        let parents: HashMap<&UnitId, &UnitId> =
            self.units.iter().filter_map(|unit| Some((&unit.id, unit.parent.as_ref()?))).collect();
        let mut sent = BTreeMap::new();
        for case in self.sent_up.iter().filter(|case| !decided.decided.contains(case.case.as_str())) {
            if let Some(above) = parents.get(&case.unit) {
                *sent.entry((*above).clone()).or_default() += 1;
            }
        }
        sent
    }

    /// The streets, every unit that something in the problem names, and all above them.
    fn units_named(&self, conn: &mut Connection, roots: &[UnitId]) -> DbResult<Vec<Unit>> {
        let mut ids: BTreeSet<UnitId> = BTreeSet::new();
        for root in roots {
            ids.extend(units::within(conn, root)?.into_iter().map(|unit| unit.id));
        }
        ids.extend(self.stations.iter().map(|station| station.unit.clone()));
        ids.extend(self.people.iter().map(|person| person.home_unit.clone()));
        ids.extend(self.people.iter().flat_map(|person| person.scope.iter().cloned()));
        ids.extend(self.secondments.iter().map(|entry| entry.host_unit.clone()));
        ids.extend(self.lendings.iter().map(|entry| entry.unit.clone()));
        ids.extend(self.sent_up.iter().map(|case| case.unit.clone()));
        let ids: Vec<&str> = ids.iter().map(UnitId::as_str).collect();
        units::with_ancestors(conn, &ids)
    }
}

/// Posts outside the streets at which somebody of the problem serves, and their stations.
fn add_far_posts(
    conn: &mut Connection,
    own: &[Assignment],
    all: &mut Vec<Post>,
    stations: &mut Vec<crate::domain::Station>,
) -> DbResult<()> {
    let known: HashSet<&str> = all.iter().map(|post| post.id.as_str()).collect();
    let far: BTreeSet<&str> = own.iter().map(|duty| duty.post.as_str()).filter(|id| !known.contains(id)).collect();
    let far: Vec<&str> = far.into_iter().collect();
    let far = posts::of_ids(conn, &far)?;
    let known: HashSet<&StationId> = stations.iter().map(|station| &station.id).collect();
    let lacking: BTreeSet<&str> =
        far.iter().filter(|post| !known.contains(&post.station)).map(|post| post.station.as_str()).collect();
    let lacking: Vec<&str> = lacking.into_iter().collect();
    let lacking = bulk::stations_of(conn, &lacking)?;
    stations.extend(lacking);
    all.extend(far);
    Ok(())
}

/// Those whom fairness compares with the guests of the streets: people of the guests' own streets and categories. They
/// serve nowhere here, and only their loads count.
fn peers(conn: &mut Connection, roots: &[UnitId], people: &[Person]) -> DbResult<Vec<Person>> {
    let homes: BTreeSet<&str> = people.iter().map(|person| person.home_unit.as_str()).collect();
    let homes: Vec<&str> = homes.into_iter().collect();
    let line = units::with_ancestors(conn, &homes)?;
    let by_id: HashMap<&UnitId, &Unit> = line.iter().map(|unit| (&unit.id, unit)).collect();
    let street_of = |unit: &UnitId| {
        let mut at = by_id.get(unit).copied();
        while let Some(unit) = at {
            if unit.level == UnitLevel::Street {
                return Some(unit.id.clone());
            }
            at = unit.parent.as_ref().and_then(|parent| by_id.get(parent).copied());
        }
        None
    };
    let mut groups: BTreeMap<UnitId, HashSet<Category>> = BTreeMap::new();
    for person in people {
        if let Some(street) = street_of(&person.home_unit).filter(|street| !roots.contains(street)) {
            groups.entry(street).or_default().insert(person.category);
        }
    }
    let known: HashSet<&PersonId> = people.iter().map(|person| &person.id).collect();
    let mut found = Vec::new();
    for (street, categories) in groups {
        let at_home = bulk::at_home(conn, &street)?;
        found.extend(
            at_home.into_iter().filter(|peer| categories.contains(&peer.category) && !known.contains(&peer.id)),
        );
    }
    Ok(found)
}
