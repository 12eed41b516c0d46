//! Changing several duties of a planned roster at once, as a repair, a chain or a move on the board does, and what such
//! a change costs before it is made.

use actix_web::{post, web};
use paiban_solver::document::answers as solver;
use paiban_solver::explain::scene::{Change, Scene};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::overrides::{Overriding, keep_broken};
use crate::api::access::personal::Reason;
use crate::api::extract::Json;
use crate::api::lang::{Lang, Text};
use crate::api::openapi::{ChangeErrors, WhatIfErrors};
use crate::api::problem::{Code, Problem};
use crate::api::resources::{id_at, path_id};
use crate::api::schedules::answers::EffectDocument;
use crate::api::schedules::assignments::AssignmentDocument;
use crate::api::schedules::explain::{ask, readable};
use crate::api::schedules::schedule_for;
use crate::api::state::AppState;
use crate::db::{ConflictKind, Connection, DbError, DbResult, assignments, people, posts, stations, units};
use crate::domain::{
    Assignment, AssignmentSource, AuditDraft, PersonId, Post, PostId, Schedule, ScheduleId, ScheduleStatus, UnitId, Who,
};
use crate::planning::judge::{Place, judge, part_of};
use crate::planning::street::{StreetWeek, load};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(price_change).service(change_assignments);
}

/// Most duties that one change takes away or gives.
const MOST: usize = 20;

/// A person at a post.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonAtPost {
    /// Id of the person.
    person: String,
    /// Id of the post.
    post: String,
}

/// Duties to take away and to give, at least one and at most 20 in all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "removed": [{"person": "p-1", "post": "po-1"}], "added": [{"person": "p-2", "post": "po-1"}], "reason": null
}))]
pub struct DutyChange {
    /// Taken away; each must be in the roster.
    removed: Vec<PersonAtPost>,
    /// Given; none may be in the roster already.
    added: Vec<PersonAtPost>,
    /// Why rules are broken; without it, a change that breaks any is refused and says which.
    reason: Option<String>,
    /// Whether what is given stays when the week is planned again (`true` unless given).
    pinned: Option<bool>,
}

/// A change with parsed ids.
struct Moved {
    removed: Vec<Place>,
    added: Vec<Place>,
}

impl DutyChange {
    fn moved(&self) -> Result<Moved, Problem> {
        if !(1..=MOST).contains(&(self.removed.len() + self.added.len())) {
            return Err(Problem::new(Code::InvalidValue).at(
                "/added",
                Text::new("应有 1 到 20 个班次", "there are 1 to 20 duties in a change"),
                Text::new("至少给出一个班次", "name at least one duty"),
            ));
        }
        let places = |list: &[PersonAtPost], name: &str| -> Result<Vec<Place>, Problem> {
            let place = |(at, one): (usize, &PersonAtPost)| {
                let person: PersonId = id_at(&one.person, &format!("/{name}/{at}/person"))?;
                let post: PostId = id_at(&one.post, &format!("/{name}/{at}/post"))?;
                Ok((person, post))
            };
            list.iter().enumerate().map(place).collect()
        };
        Ok(Moved { removed: places(&self.removed, "removed")?, added: places(&self.added, "added")? })
    }
}

impl Moved {
    /// The posts touched, and the units of their stations.
    fn ground(&self, conn: &mut Connection) -> DbResult<(Vec<Post>, Vec<UnitId>)> {
        let (mut touched, mut around) = (Vec::new(), Vec::new());
        for (_, post) in self.removed.iter().chain(&self.added) {
            let post = posts::get(conn, post)?;
            around.push(stations::get(conn, &post.station)?.unit);
            touched.push(post);
        }
        Ok((touched, around))
    }

    fn change(&self, week: &StreetWeek) -> Result<Change, Problem> {
        let find = |places: &[Place]| {
            let known = |(person, post): &Place| {
                let person = week.person(person.as_str()).ok_or_else(nobody)?;
                Ok((person, week.need(post.as_str()).ok_or_else(nobody)?))
            };
            places.iter().map(known).collect::<Result<Vec<_>, Problem>>()
        };
        Ok(Change { removed: find(&self.removed)?, added: find(&self.added)? })
    }
}

fn nobody() -> Problem {
    Problem::new(Code::InvalidValue).at(
        "/added",
        Text::new(
            "此人不能在该街道服务，或班表中没有这个岗位",
            "that person may not serve in the street, or there is no such post",
        ),
        Text::new("换一个人或岗位", "name another person or post"),
    )
}

/// Says what a change of a roster would cost, and which rules of tier 0 it would break. Nothing is changed.
#[utoipa::path(tag = "planning", request_body = DutyChange, params(("id" = String, Path, description = "Id of the schedule")),
    responses((status = 200, description = "The exact change of every tier", body = EffectDocument), WhatIfErrors))]
#[post("/schedules/{id}/changes/price")]
pub async fn price_change(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<DutyChange>,
    lang: Lang,
) -> Result<web::Json<EffectDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let moved = body.0.moved()?;
    let effect = ask(&state, move |db| {
        let schedule = readable(db, &who, &id)?;
        let (_, around) = db.read(|conn| moved.ground(conn)).map_err(Problem::from)?;
        let week = load(db, &schedule, &around)?;
        let change = moved.change(&week)?;
        let scene = Scene::new(&week.problem, week.own());
        let effect = scene.judge().effect(&change);
        Ok(solver::EffectDocument::from(&effect))
    })
    .await?;
    Ok(web::Json(EffectDocument::new(lang, effect)))
}

/// Takes duties away and gives others, all or none, in a roster that is not in force.
#[utoipa::path(tag = "planning", request_body = DutyChange, params(("id" = String, Path, description = "Id of the schedule")),
    responses((status = 200, description = "What was given", body = Vec<AssignmentDocument>), ChangeErrors))]
#[post("/schedules/{id}/changes")]
pub async fn change_assignments(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<DutyChange>,
) -> Result<web::Json<Vec<AssignmentDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let moved = body.0.moved()?;
    let pinned = body.0.pinned.unwrap_or(true);
    let reason = body.0.reason.map(|reason| Reason::of(reason).given()).transpose()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let given = state
        .change(&who, move |tx| {
            let (schedule, path) = schedule_for(&author, tx, &id)?;
            changeable(&schedule)?;
            let (touched, around) = moved.ground(tx)?;
            within(tx, &schedule, &touched, &around)?;
            for (person, _) in &moved.added {
                people::get(tx, person).map_err(|_| DbError::Conflict {
                    kind: "person",
                    reason: ConflictKind::MissingReference,
                    detail: format!("there is no person {person}"),
                })?;
            }
            let roster: Vec<Place> =
                assignments::of_schedule(tx, &id)?.into_iter().map(|duty| (duty.person, duty.post)).collect();
            there(&roster, &moved)?;
            let part = part_of(tx, &schedule, &around)?;
            let broken = judge(tx, &schedule, &part, &roster, &moved.removed, &moved.added)?;
            if reason.is_none() && !broken.is_empty() {
                return Err(DbError::Breaks { broken });
            }
            let first = assignments::take_numbers(tx, &id, moved.added.len())?;
            assignments::remove_duties(tx, &id, &moved.removed)?;
            let posts = touched.iter().skip(moved.removed.len());
            let given: Vec<Assignment> = (first..)
                .zip(moved.added.iter().zip(posts))
                .map(|(seq, ((person, _), post))| duty_at(&id, seq, person, post, pinned))
                .collect();
            assignments::insert_many(tx, &given)?;
            if let Some(duty) = given.first() {
                let reason = reason.clone().unwrap_or_default();
                keep_broken(tx, broken, &Overriding { duty, reason, actor: author.actor.clone(), now }, &*entropy)?;
            }
            let said = |places: &[Place]| {
                let list: Vec<PersonAtPost> = places
                    .iter()
                    .map(|(person, post)| PersonAtPost { person: person.to_string(), post: post.to_string() })
                    .collect();
                serde_json::to_string(&list).ok()
            };
            tx.tell(AuditDraft {
                action: "change",
                kind: "assignment",
                entity: id.to_string(),
                unit_path: path,
                before: said(&moved.removed),
                after: said(&moved.added),
                reason,
            });
            Ok(given)
        })
        .await?;
    Ok(web::Json(given.into_iter().map(AssignmentDocument::from).collect()))
}

fn duty_at(schedule: &ScheduleId, seq: i64, person: &PersonId, post: &Post, pinned: bool) -> Assignment {
    Assignment {
        schedule: schedule.clone(),
        seq,
        person: person.clone(),
        post: post.id.clone(),
        station: post.station.clone(),
        date: post.date,
        start_minute: post.start_minute,
        end_minute: post.end_minute,
        pinned,
        source: AssignmentSource::Manual,
        version: 1,
    }
}

/// Whether duties may be changed by hand.
///
/// # Errors
/// A conflict unless the schedule is planned and not in force.
pub(super) fn changeable(schedule: &Schedule) -> DbResult<()> {
    if schedule.status == ScheduleStatus::Planned {
        return Ok(());
    }
    Err(DbError::Conflict {
        kind: "schedule",
        reason: ConflictKind::State,
        detail: format!("it is {}; duties in force change hands by swaps, claims and replans", schedule.status),
    })
}

/// Refuses posts outside the schedule's unit and days, and withdrawn ones.
fn within(conn: &mut Connection, schedule: &Schedule, touched: &[Post], around: &[UnitId]) -> DbResult<()> {
    let top = units::path(conn, &schedule.unit)?;
    for (post, unit) in touched.iter().zip(around) {
        let day = (post.date - schedule.week_start).num_days();
        let covered = (0..i64::from(schedule.days)).contains(&day) && units::path(conn, unit)?.starts_with(&top);
        if post.retired || !covered {
            return Err(DbError::not_found("post", post.id.as_str()));
        }
    }
    Ok(())
}

/// Refuses a change that was thought of on another state of the roster.
fn there(roster: &[Place], moved: &Moved) -> DbResult<()> {
    let gone = moved.removed.iter().find(|place| !roster.contains(place));
    let taken = moved.added.iter().find(|place| roster.contains(place) && !moved.removed.contains(place));
    match gone.or(taken) {
        None => Ok(()),
        Some((person, post)) => Err(DbError::Conflict {
            kind: "schedule",
            reason: ConflictKind::Replanned,
            detail: format!("{person} at {post} has been changed meanwhile"),
        }),
    }
}
