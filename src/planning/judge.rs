//! Which rules of tier 0 a change of a roster would break: the checker judges the roster before and after, on the part
//! of the network that the change concerns.

use std::collections::{BTreeSet, HashMap, HashSet};

use paiban_solver::check::check;
use paiban_solver::problem::{Duty, NeedIx, PersonIx, Problem};

use super::week::{PrepareError, prepare_stored};
use crate::db::{ConflictKind, Connection, DbError, DbResult, units};
use crate::domain::{BrokenRule, PersonId, PostId, Schedule, UnitId, UnitLevel};

/// A person at a post.
pub type Place = (PersonId, PostId);

/// What would be broken that is not broken yet, when these people leave posts and those take posts. `roster` is who
/// stands where before, at least within the part concerned.
///
/// # Errors
/// Those of the connection; a conflict when the week cannot be judged.
pub fn judge(
    conn: &mut Connection,
    schedule: &Schedule,
    part: &UnitId,
    roster: &[Place],
    leave: &[Place],
    join: &[Place],
) -> DbResult<Vec<BrokenRule>> {
    let week = prepare_stored(conn, Schedule { unit: part.clone(), ..schedule.clone() }).map_err(unprepared)?;
    let mut document = week.document;
    // Pins hold for planning; who gives a pinned duty away has asked for it.
    document.pins.clear();
    document.published.clear();
    let problem = document.to_problem().map_err(|errors| {
        let cause = errors.first().map(ToString::to_string).unwrap_or_default();
        DbError::conflict("schedule", ConflictKind::State, format!("its week cannot be judged: {cause}"))
    })?;
    let known = Known::of(&problem);
    let strangers = join.iter().filter(|(person, _)| !known.people.contains_key(person.as_str()));
    let mut broken: Vec<BrokenRule> = strangers.map(|(person, _)| outside(person)).collect();
    let before: Vec<&Place> = roster.iter().collect();
    let after: Vec<&Place> = roster.iter().filter(|place| !leave.contains(place)).chain(join).collect();
    let was: BTreeSet<(String, String)> = findings(&problem, &known.duties(&before)).into_iter().collect();
    let is = check(&problem, &known.duties(&after));
    broken.extend(
        is.hard().filter(|one| !was.contains(&(one.code.to_string(), one.en.clone()))).map(|one| BrokenRule {
            rule: one.code.to_string(),
            zh: one.zh.clone(),
            en: one.en.clone(),
        }),
    );
    Ok(broken)
}

fn findings(problem: &Problem, duties: &[Duty]) -> Vec<(String, String)> {
    check(problem, duties).hard().map(|one| (one.code.to_string(), one.en.clone())).collect()
}

fn outside(person: &PersonId) -> BrokenRule {
    BrokenRule {
        rule: "H10".to_owned(),
        zh: format!("{person} 不在该单位的服务范围内"),
        en: format!("{person} may not serve in this unit"),
    }
}

fn unprepared(error: PrepareError) -> DbError {
    match error {
        PrepareError::Db(error) => error,
        other => DbError::conflict("schedule", ConflictKind::State, other.to_string()),
    }
}

struct Known<'a> {
    problem: &'a Problem,
    people: HashMap<&'a str, usize>,
    needs: HashMap<&'a str, usize>,
}

impl<'a> Known<'a> {
    fn of(problem: &'a Problem) -> Self {
        Self {
            problem,
            people: problem.people.iter().enumerate().map(|(at, person)| (person.id.as_str(), at)).collect(),
            needs: problem.needs.iter().enumerate().map(|(at, need)| (need.id.as_str(), at)).collect(),
        }
    }

    /// Duties of the part; what lies elsewhere has its time taken from people already.
    fn duties(&self, places: &[&Place]) -> Vec<Duty> {
        let mut seen = HashSet::new();
        let mut duties: Vec<Duty> = places
            .iter()
            .filter_map(|(person, post)| {
                let (person, need) = (*self.people.get(person.as_str())?, *self.needs.get(post.as_str())?);
                let span = self.problem.needs.get(need)?.as_post()?.span;
                Some(Duty { person: PersonIx::from_index(person), need: NeedIx::from_index(need), span })
            })
            .filter(|duty| seen.insert(*duty))
            .collect();
        duties.sort();
        duties
    }
}

/// The smallest planning unit of the schedule that holds all the units: their street, or else the schedule's own unit.
///
/// # Errors
/// Those of the connection.
pub fn part_of(conn: &mut Connection, schedule: &Schedule, stations: &[UnitId]) -> DbResult<UnitId> {
    let mut part: Option<UnitId> = None;
    for unit in stations {
        let mut above = units::ancestors(conn, unit)?;
        above.push(unit.clone());
        let mut street = None;
        for id in above.iter().skip_while(|id| **id != schedule.unit) {
            if units::get(conn, id)?.level == UnitLevel::Street {
                street = Some(id.clone());
            }
        }
        match (&part, street) {
            (None, Some(street)) => part = Some(street),
            (Some(one), Some(other)) if *one == other => {}
            _ => return Ok(schedule.unit.clone()),
        }
    }
    Ok(part.unwrap_or_else(|| schedule.unit.clone()))
}
