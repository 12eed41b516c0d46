//! A stored roster after something has happened: the least change, street by street, kept as a new version.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use paiban_solver::check::{Broken, check};
use paiban_solver::document::answers::ReplanDocument;
use paiban_solver::document::{DocumentError, EventDocument, reason_en, reason_zh, resolve_events};
use paiban_solver::explain::scene::Scene;
use paiban_solver::explain::unmet::{count, missing};
use paiban_solver::problem::{Duty, NeedIx, PersonIx, UnitIx};
use paiban_solver::replan::{ReplanOptions, apply, replan_street, streets_touched};
use paiban_solver::roster::Score;

use super::street::{StreetWeek, load};
use super::week::PrepareError;
use crate::db::results::{VersionResult, store_version};
use crate::db::{
    ConflictKind, Connection, Db, DbError, DbResult, Tx, assignments, posts, results, schedules, stations,
};
use crate::domain::{
    Assignment, AssignmentSource, Entropy, OutcomeStatus, PersonId, PostId, Schedule, ScheduleId, ScheduleStatus,
    StationId, TierRow, UnitId, UnmetNeed,
};

/// Something that has happened.
#[derive(Debug, Clone)]
pub enum Happening {
    /// In the solver's words.
    Event(EventDocument),
    /// A post that was stored after the roster was made.
    NewPost(PostId),
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
    result: VersionResult,
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
    let mut week = load(db, &base, &around).map_err(ReplanRefusal::Prepare)?;
    let mut documents = Vec::new();
    let mut touched: BTreeSet<Option<UnitIx>> = BTreeSet::new();
    for happening in &request.happenings {
        match happening {
            Happening::Event(event) => documents.push(event.clone()),
            Happening::NewPost(post) => touched.extend(week.need(post.as_str()).map(|need| week.street_of(need))),
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
    let result = db.read(|conn| version(conn, &base, &week, &before.duties, (&was.score, &is.score), &touched))?;
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
    let ids = |(person, need): &(PersonIx, NeedIx)| -> DbResult<(PersonId, PostId)> {
        let wrong = || DbError::Internal("a duty of the replan has no id".to_owned());
        let person = week.problem.people.get(person.index()).and_then(|person| PersonId::parse(&person.id).ok());
        let post = week.problem.needs.get(need.index()).and_then(|need| PostId::parse(&need.id).ok());
        person.zip(post).ok_or_else(wrong)
    };
    let removed = had.difference(&has).map(ids).collect::<DbResult<Vec<_>>>()?;
    let mut added = Vec::new();
    for (person, post) in has.difference(&had).map(ids).collect::<DbResult<Vec<_>>>()? {
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
    Ok(VersionResult { removed, added, tiers, rules: rules.into_iter().collect(), stations, unmet })
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
