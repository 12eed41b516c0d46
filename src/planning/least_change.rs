//! A stored roster after something has happened: the least change, street by street, kept as a new version.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use paiban_solver::check::{Broken, check};
use paiban_solver::document::answers::ReplanDocument;
use paiban_solver::document::{DocumentError, EventDocument, SettledDocument, reason_en, reason_zh, resolve_events};
use paiban_solver::explain::scene::Scene;
use paiban_solver::explain::unmet::{count, missing};
use paiban_solver::model::linear::tier_index;
use paiban_solver::problem::{Duty, NeedIx, PersonIx, UnitIx};
use paiban_solver::replan::{ReplanOptions, apply, replan_street, streets_touched};
use paiban_solver::roster::Score;

use super::generate::ends;
use super::street::{StreetWeek, load_since};
use super::week::PrepareError;
use super::{receive, settle, visiting};
use crate::db::results::{VersionResult, store_version};
use crate::db::{
    ConflictKind, Connection, Db, DbError, DbResult, Tx, assignments, cases, planned_cases, planned_receptions,
    planned_visits, posts, receptions, resources, results, schedules, stations, visits,
};
use crate::domain::{
    Assignment, AssignmentSource, CaseId, Entropy, OutcomeStatus, PersonId, PlannedCase, PlannedReception,
    PlannedVisit, PostId, ResourceId, Schedule, ScheduleId, ScheduleStatus, StationId, TierRow, UnitId, UnmetNeed,
};

/// Something that has happened.
#[derive(Debug, Clone)]
pub enum Happening {
    /// In the solver's words.
    Event(EventDocument),
    /// A post that was stored after the roster was made.
    NewPost(PostId),
    /// A case that was triaged after the roster was made.
    NewCase(CaseId),
}

/// What a caller asks for.
#[derive(Debug, Clone)]
pub struct ReplanRequest {
    /// What has happened.
    pub happenings: Vec<Happening>,
    /// Change at most so many people of a street.
    pub most_people: Option<usize>,
    /// Time for each street.
    pub time_limit: Duration,
    /// The day on which it is asked for: what lies before it stays, and notice of receptions counts from it.
    pub today: NaiveDate,
}

/// Why there is no replan.
#[derive(Debug)]
pub enum ReplanRefusal {
    /// The streets cannot be read.
    Prepare(PrepareError),
    /// Events name what is not there.
    Events(Vec<DocumentError>),
    /// Pinned duties contradict rules now.
    Pinned(Vec<Broken>),
    /// A case that is named is not triaged, has somebody or is not one of the schedule's.
    CaseNotOpen(CaseId),
}

impl From<DbError> for ReplanRefusal {
    fn from(error: DbError) -> Self {
        Self::Prepare(error.into())
    }
}

/// A replan that is not stored yet.
pub struct Replan {
    /// The version before.
    pub base: Schedule,
    /// Proof and changes of each street touched.
    pub streets: Vec<ReplanDocument>,
    /// What the new version has of its own.
    pub result: VersionResult,
    events: Vec<EventDocument>,
}

/// Finds the least change of a schedule's roster. Holds no connection while solving.
///
/// # Errors
/// See [`ReplanRefusal`].
pub fn replan(db: &Db, id: &ScheduleId, request: &ReplanRequest) -> Result<Replan, ReplanRefusal> {
    let (base, around) = db.read(|conn| {
        let base = schedules::get(conn, id)?;
        let around = units_around(conn, &base, &request.happenings)?;
        Ok((base, around))
    })?;
    let is_new_case = |happening: &Happening| match happening {
        Happening::NewCase(case) => Some(case.clone()),
        Happening::NewPost(_) | Happening::Event(_) => None,
    };
    let new_cases: Vec<CaseId> = request.happenings.iter().filter_map(is_new_case).collect();
    let mut week = load_since(db, &base, &around, request.today, &new_cases).map_err(ReplanRefusal::Prepare)?;
    let mut documents = Vec::new();
    let mut touched: BTreeSet<Option<UnitIx>> = BTreeSet::new();
    for happening in &request.happenings {
        match happening {
            // A room that no reception wants changes nothing.
            Happening::Event(EventDocument::Withdrawn { venue, .. })
                if week.problem.venues.iter().all(|known| known.id != *venue) => {}
            Happening::Event(event) => documents.push(event.clone()),
            Happening::NewPost(post) => touched.extend(week.need(post.as_str()).map(|need| week.street_of(need))),
            Happening::NewCase(case) => {
                let found = week.problem.cases.iter().find(|known| known.id == case.as_str());
                let found = found.ok_or_else(|| ReplanRefusal::CaseNotOpen(case.clone()))?;
                touched.insert(week.problem.street_of(found.unit));
            }
        }
    }
    let events = resolve_events(&week.problem, &documents).map_err(ReplanRefusal::Events)?;
    let published = std::mem::take(&mut week.problem.published);
    let before = Judged { duties: week.duties.clone(), problem: week.problem.clone() };
    for event in &events {
        apply(&mut week.problem, event);
    }
    touched.extend(streets_touched(&week.problem, &events, &week.duties));
    let options = ReplanOptions { most_people: request.most_people, time_limit: request.time_limit };
    let mut streets = Vec::new();
    for &street in &touched {
        let part = week.street(street);
        let made = replan_street(&part, options);
        streets.push(ReplanDocument::new(&part, street.and_then(|unit| week.unit_id(unit)), &made));
        let inside: BTreeSet<PersonIx> = part.people.iter().copied().collect();
        week.duties.retain(|duty| !inside.contains(&duty.person));
        for (&person, needs) in part.people.iter().zip(&made.duties) {
            week.duties.extend(needs.iter().filter_map(|need| {
                let need = *part.needs.get(need.index())?;
                let span = week.problem.needs.get(need.index())?.as_post()?.span;
                Some(Duty { person, need, span })
            }));
        }
    }
    // The published roster counts in the value of the new version, as it did in the old one's.
    let judge = |judged: &Judged| {
        let mut problem = judged.problem.clone();
        problem.published.clone_from(&published);
        check(&problem, &judged.duties)
    };
    let after = Judged { duties: week.duties.clone(), problem: week.problem.clone() };
    let (was, is) = (judge(&before), judge(&after));
    let known: Vec<&Broken> = was.hard().collect();
    let broken: Vec<Broken> = is.hard().filter(|broken| !known.contains(broken)).cloned().collect();
    if !broken.is_empty() {
        return Err(ReplanRefusal::Pinned(broken));
    }
    let mut was = was.score;
    forget_new(&mut was, &before, &request.happenings, &week);
    let result = db.read(|conn| version(conn, &base, &week, &before.duties, (&was, &is.score), &touched))?;
    let mut events = week.events;
    events.extend(documents);
    Ok(Replan { base, streets, result, events })
}

struct Judged {
    duties: Vec<Duty>,
    problem: paiban_solver::problem::Problem,
}

/// The units in which something has happened: of the places named, and of the duties of the people named.
fn units_around(conn: &mut Connection, base: &Schedule, happenings: &[Happening]) -> DbResult<Vec<UnitId>> {
    let mut found: BTreeSet<UnitId> = BTreeSet::new();
    let mut served: BTreeSet<StationId> = BTreeSet::new();
    for happening in happenings {
        match happening {
            Happening::NewPost(post) => drop(served.insert(posts::get(conn, post)?.station)),
            Happening::NewCase(case) => drop(found.insert(cases::get(conn, case)?.unit)),
            Happening::Event(EventDocument::Withdrawn { venue, .. }) => {
                let venue = ResourceId::parse(venue).map_err(|_| DbError::not_found("resource", venue.as_str()))?;
                served.extend(resources::get(conn, &venue)?.station);
            }
            Happening::Event(EventDocument::Closed { place, .. }) => {
                served.insert(StationId::parse(place).map_err(|_| DbError::not_found("station", place.as_str()))?);
            }
            Happening::Event(
                EventDocument::Sick { person, .. }
                | EventDocument::Resigned { person, .. }
                | EventDocument::Availability { person, .. },
            ) => {
                let person = PersonId::parse(person).map_err(|_| DbError::not_found("person", person.as_str()))?;
                found.insert(crate::db::people::get(conn, &person)?.home_unit);
                served.extend(assignments::of_person(conn, &base.id, &person)?.into_iter().map(|duty| duty.station));
                add_commitments(conn, base, &person, &mut found, &mut served)?;
            }
            Happening::Event(EventDocument::NewPost { .. }) => {}
        }
    }
    for station in served {
        found.insert(stations::get(conn, &station)?.unit);
    }
    // Somebody at home outside the schedule's unit may serve inside it.
    let top = crate::db::units::path(conn, &base.unit)?;
    let mut around = Vec::new();
    for unit in found {
        if crate::db::units::path(conn, &unit)?.starts_with(&top) {
            around.push(unit);
        }
    }
    Ok(around)
}

/// Where a person sits at receptions, makes visits or works cases by the schedule.
fn add_commitments(
    conn: &mut Connection,
    base: &Schedule,
    person: &PersonId,
    units: &mut BTreeSet<UnitId>,
    stations: &mut BTreeSet<StationId>,
) -> DbResult<()> {
    let worked = planned_cases::of_schedule(conn, &base.id)?;
    units.extend(worked.into_iter().filter(|case| case.person.as_ref() == Some(person)).map(|case| case.unit));
    let (first, last) = ends(base.week_start, base.days);
    stations.extend(receptions::naming(conn, person, first, last)?.into_iter().map(|reception| reception.station));
    let planned = planned_receptions::of_schedule(conn, &base.id)?;
    let names =
        |planned: &&PlannedReception| planned.deputies.contains(person) || planned.host.as_ref() == Some(person);
    for planned in planned.iter().filter(names) {
        stations.insert(receptions::get(conn, &planned.reception)?.station);
    }
    let planned = planned_visits::of_schedule(conn, &base.id)?;
    for planned in planned.iter().filter(|planned| planned.person.as_ref() == Some(person)) {
        units.insert(visits::get(conn, &planned.visit)?.unit);
    }
    Ok(())
}

/// Takes what new posts and cases cost while nobody serves them out of the old value: the old version knew nothing of
/// them.
fn forget_new(was: &mut Score, before: &Judged, happenings: &[Happening], week: &StreetWeek) {
    let is_new = |broken: &&Broken| {
        let Some(need) = broken.need.and_then(|need| before.problem.needs.get(need.index())) else { return false };
        let case = need.case.and_then(|case| before.problem.cases.get(case.index()));
        happenings.iter().any(|happening| match happening {
            Happening::NewPost(post) => need.id == post.as_str(),
            Happening::NewCase(new) => case.is_some_and(|case| case.id == new.as_str()),
            Happening::Event(_) => false,
        })
    };
    let report = check(&before.problem, &before.duties);
    for broken in report.broken.iter().filter(is_new) {
        let cost = broken.cost;
        if let Some(rule) = was.rules.get_mut(&broken.code) {
            *rule -= cost;
        }
        if let Some(tier) = tier_index(week.problem.profile.tier(broken.code)) {
            was.tiers[tier] -= cost;
        }
    }
}

fn version(
    conn: &mut Connection,
    base: &Schedule,
    week: &StreetWeek,
    before: &[Duty],
    (was, is): (&Score, &Score),
    touched: &BTreeSet<Option<UnitIx>>,
) -> DbResult<VersionResult> {
    let pairs = |duties: &[Duty]| duties.iter().map(|duty| (duty.person, duty.need)).collect::<BTreeSet<_>>();
    let (had, has) = (pairs(before), pairs(&week.duties));
    let is_post = |(_, need): &&(PersonIx, NeedIx)| {
        week.problem.needs.get(need.index()).is_some_and(|need| need.case.is_none() && need.seat.is_none())
    };
    let ids = |(person, need): &(PersonIx, NeedIx)| -> DbResult<(PersonId, PostId)> {
        let wrong = || DbError::Internal("a duty of the replan has no id".to_owned());
        let person = week.problem.people.get(person.index()).and_then(|person| PersonId::parse(&person.id).ok());
        let post = week.problem.needs.get(need.index()).and_then(|need| PostId::parse(&need.id).ok());
        person.zip(post).ok_or_else(wrong)
    };
    let removed = had.difference(&has).filter(is_post).map(ids).collect::<DbResult<Vec<_>>>()?;
    let mut added = Vec::new();
    for (person, post) in has.difference(&had).filter(is_post).map(ids).collect::<DbResult<Vec<_>>>()? {
        let post = week.posts.get(post.as_str()).ok_or_else(|| DbError::not_found("post", post.as_str()))?;
        added.push(Assignment {
            schedule: base.id.clone(),
            seq: 0,
            person,
            post: post.id.clone(),
            station: post.station.clone(),
            date: post.date,
            start_minute: post.start_minute,
            end_minute: post.end_minute,
            pinned: false,
            source: AssignmentSource::Solver,
            version: 1,
        });
    }
    let steps: [i64; 3] = [0, 1, 2].map(|tier: usize| is.tiers[tier] - was.tiers[tier]);
    let tiers = results::tiers(conn, &base.id)?
        .into_iter()
        .zip(steps)
        .map(|(row, step)| {
            let value = row.value + step;
            TierRow {
                value,
                bound: 0,
                gap: if value == 0 { 0.0 } else { 1.0 },
                method: format!("least change from {}; proven for each street, see replan", base.id),
                ..row
            }
        })
        .collect();
    let mut rules: BTreeMap<String, i64> = results::rules(conn, &base.id)?.into_iter().collect();
    for (scores, sign) in [(was, -1), (is, 1)] {
        for (code, cost) in &scores.rules {
            *rules.entry(code.to_string()).or_default() += sign * cost;
        }
    }
    rules.retain(|_, cost| *cost != 0);
    let (mut told, mut unmet) = (BTreeSet::new(), Vec::new());
    for &street in touched {
        let part = week.street(street);
        let scene = Scene::of_street(&part);
        let inside = part.problem.needs.iter().zip(&part.decided).filter(|&(_, &decided)| decided);
        told.extend(inside.filter_map(|(need, _)| week.posts.get(&need.id)).map(|post| post.station.clone()));
        for (need, heads) in missing(&scene) {
            let counted = count(&scene, need, heads);
            let post = part.problem.needs.get(need.index()).and_then(|need| week.posts.get(&need.id));
            let Some(post) = post else { continue };
            let stopped_by: BTreeMap<String, u32> =
                counted.stopped_by.iter().map(|(code, people)| (code.to_string(), *people)).collect();
            unmet.push(UnmetNeed {
                post: post.id.clone(),
                station: post.station.clone(),
                date: post.date,
                missing: heads,
                busy_elsewhere: counted.busy_elsewhere,
                stopped_by: serde_json::to_string(&stopped_by).map_err(|error| DbError::Internal(error.to_string()))?,
                reason_zh: reason_zh(&counted),
                reason_en: reason_en(&counted),
            });
        }
    }
    let stations = told.into_iter().collect();
    let (cases, receptions, visits) = settled(conn, base, week)?;
    let rules = rules.into_iter().collect();
    Ok(VersionResult { removed, added, tiers, rules, stations, unmet, cases, receptions, visits })
}

/// What the new version decides otherwise about cases, receptions and visits.
fn settled(
    conn: &mut Connection,
    base: &Schedule,
    week: &StreetWeek,
) -> DbResult<(Vec<PlannedCase>, Vec<PlannedReception>, Vec<PlannedVisit>)> {
    let made = SettledDocument::new(&week.problem, &week.duties);
    let known: BTreeMap<CaseId, PlannedCase> =
        planned_cases::of_schedule(conn, &base.id)?.into_iter().map(|case| (case.case.clone(), case)).collect();
    let mut cases = settle::planned_cases(&base.id, &week.document.cases, &made.cases, &made.duties)?;
    cases.retain(|case| match (week.cases.worked.get(case.case.as_str()), known.get(&case.case)) {
        (Some((person, date, start)), _) => {
            (case.person.as_ref(), case.date, case.start_minute) != (Some(person), Some(*date), Some(*start))
        }
        (None, Some(known)) => known.settlement != case.settlement,
        (None, None) => true,
    });
    let mut receptions = receive::planned_receptions(&base.id, &week.versions, &made.receptions)?;
    receptions.retain(|reception| match week.receptions.get(reception.reception.as_str()) {
        Some(stands) => {
            let has_moved = (reception.date, reception.start_minute) != (Some(stands.date), Some(stands.start_minute));
            let has_others = reception.deputies != stands.deputies || reception.host.as_ref() != Some(&stands.host);
            !reception.is_held || has_moved || has_others || reception.venue != stands.venue
        }
        None => reception.is_held,
    });
    let mut visits = visiting::planned_visits(&base.id, &week.versions, &made.receptions)?;
    visits.retain(|visit| match week.visits.get(visit.visit.as_str()) {
        Some(stands) => {
            let stays = (visit.person.as_ref(), visit.date, visit.start_minute)
                == (Some(&stands.person), Some(stands.date), Some(stands.start_minute));
            !visit.is_made || !stays
        }
        None => visit.is_made,
    });
    Ok((cases, receptions, visits))
}

/// Stores a replan as a further version of its week, planned and not yet in force.
///
/// # Errors
/// [`ConflictKind::State`] when the version before has changed meanwhile.
pub fn keep(tx: &mut Tx<'_>, made: &Replan, now: DateTime<Utc>, entropy: &dyn Entropy) -> DbResult<Schedule> {
    let base = schedules::get(tx, &made.base.id)?;
    if base.version != made.base.version {
        let detail = "the schedule has changed while it was replanned; ask again";
        return Err(DbError::conflict("schedule", ConflictKind::State, detail));
    }
    let kept: serde_json::Value =
        base.certificate.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut certificate = serde_json::json!({
        "certificate": kept.get("certificate").cloned().unwrap_or_default(),
        "replan": { "from": base.id.to_string(), "events": made.events, "streets": made.streets },
    });
    if let Some(solver) = certificate.get_mut("certificate").and_then(serde_json::Value::as_object_mut) {
        let streets = serde_json::to_value(&made.streets).map_err(|error| DbError::Internal(error.to_string()))?;
        solver.insert("replannedFrom".to_owned(), base.id.to_string().into());
        solver.insert("replannedStreets".to_owned(), streets);
    }
    let schedule = Schedule {
        id: ScheduleId::fresh(now, entropy),
        status: ScheduleStatus::Planned,
        input_hash: None,
        outcome: Some(OutcomeStatus::Feasible),
        certificate: Some(certificate.to_string()),
        created_at: now,
        planned_at: Some(now),
        published_at: None,
        version: 1,
        ..base
    };
    store_version(tx, &schedule, &made.base.id, &made.result)?;
    Ok(schedule)
}
