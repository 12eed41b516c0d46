//! What if: a street's rules or data changed on a copy, planned, and compared with the original. Nothing is stored.

use std::time::Duration;

use actix_web::{post, web};
use paiban_solver::document::answers::{DifferenceDocument, ProofDocument as Proof, duty_document};
use paiban_solver::document::{ProblemDocument, patched};
use paiban_solver::explain::compare::compare;
use paiban_solver::explain::plan::{Planned, plan_street};
use paiban_solver::explain::street::{Street, by_person};
use paiban_solver::problem::{Duty, NeedIx, PersonIx, Problem as SolverProblem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::WhatIfDocument;
use super::explain::{ask, readable, street_around, street_asked};
use crate::api::extract::Json;
use crate::api::lang::Text;
use crate::api::openapi::WhatIfErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::{id_at, path_id};
use crate::api::state::AppState;
use crate::db::{Db, profiles};
use crate::domain::{ProfileId, ScheduleId, Who};
use crate::planning::street::StreetWeek;

/// What to change on the copy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "street": "220102001000", "patch": {"profile": {"rules": {"S31": {"on": false}}},
    "people": {"p-1": {"unavailable": []}}}, "timeLimitSeconds": 10
}))]
pub struct WhatIfRequest {
    /// Code of the street; needed unless the schedule is of one street.
    street: Option<String>,
    /// JSON merge patch of the street's problem document (docs/instance-format.md); lists of things with ids may be
    /// patched by id.
    #[schema(value_type = Option<Object>)]
    patch: Option<serde_json::Value>,
    /// Id of a stored constraint profile to plan by instead.
    profile: Option<String>,
    /// Version of that profile; the latest unless given.
    profile_version: Option<u32>,
    /// Seconds for each of the two solves, 1 to 60 (10 unless given).
    time_limit_seconds: Option<u16>,
}

fn wrong(pointer: &str, zh: &str, en: &str) -> Problem {
    Problem::new(Code::InvalidValue).at(pointer, Text::new(zh, en), Text::new("改正该值", "correct the value"))
}

impl WhatIfRequest {
    fn seconds(&self) -> Result<Duration, Problem> {
        let seconds = self.time_limit_seconds.unwrap_or(10);
        if !(1..=60).contains(&seconds) {
            return Err(wrong("/timeLimitSeconds", "不在 1 到 60 之间", "it is not between 1 and 60"));
        }
        Ok(Duration::from_secs(u64::from(seconds)))
    }

    /// The changed copy of a document.
    fn changed(&self, db: &Db, document: &ProblemDocument) -> Result<ProblemDocument, Problem> {
        let mut copy = document.clone();
        if let Some(profile) = &self.profile {
            let id: ProfileId = id_at(profile, "/profile")?;
            let (name, version) = db
                .read(|conn| {
                    let stored = profiles::get(conn, &id)?;
                    let number = self.profile_version.unwrap_or(stored.latest);
                    Ok((stored.name, profiles::get_version(conn, &id, number)?))
                })
                .map_err(|_| {
                    wrong("/profile", "没有这个规则方案或版本", "there is no such profile, or no such version")
                })?;
            copy.profile.rules = serde_json::from_str(&version.rules).map_err(Problem::internal)?;
            copy.profile.name = name;
        }
        match &self.patch {
            Some(patch) => patched(&copy, patch).map_err(|error| {
                Problem::new(Code::InvalidValue).at(
                    format!("/patch{}", error.pointer),
                    Text::new(format!("补丁有误：{}", error.cause), error.cause.clone()),
                    Text::new("改正补丁", error.action),
                )
            }),
            None if self.profile.is_none() => {
                Err(wrong("/patch", "既无补丁也无规则方案", "there is neither a patch nor a profile"))
            }
            None => Ok(copy),
        }
    }
}

/// Plans a street on a copy with other rules or data and compares it with the original; nothing is stored. Whole units
/// are compared by planning them under another profile (`POST /schedules`) and asking for the difference.
#[utoipa::path(tag = "planning", request_body = WhatIfRequest, params(("id" = String, Path, description = "Id")),
    responses((status = 200, description = "The comparison", body = WhatIfDocument), WhatIfErrors))]
#[post("/schedules/{id}/what-if")]
pub async fn ask_what_if(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<WhatIfRequest>,
) -> Result<web::Json<WhatIfDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let wanted = body.0;
    let answer = ask(&state, move |db| {
        let schedule = readable(db, &who, &id)?;
        let time_limit = wanted.seconds()?;
        let unit = street_asked(db, &schedule, wanted.street.as_deref())?;
        let week = street_around(db, &schedule, unit.clone())?;
        let changed = wanted.changed(db, &week.document)?;
        let copy = changed.to_problem().map_err(|errors| {
            errors.into_iter().take(20).fold(Problem::new(Code::InvalidValue), |problem, error| {
                let cause = Text::new(format!("改后的数据有误：{}", error.cause), error.cause);
                problem.at(format!("/patch{}", error.pointer), cause, Text::new("改正补丁", error.action))
            })
        })?;
        let street = week.unit(unit.as_str()).and_then(|at| week.problem.street_of(at));
        let original = week.street(street);
        let patched_street = street.and_then(|at| week.unit_id(at));
        let present = original_tiers(&original);
        let before = plan_street(&original, time_limit).ok_or_else(clash)?;
        let other = patched_copy(&week, &copy, patched_street.as_deref());
        let after = plan_street(&other, time_limit).ok_or_else(clash)?;
        let first = (&original.problem, duties(&original, &before));
        let second = (&other.problem, duties(&other, &after));
        let difference = compare((first.0, &first.1), (second.0, &second.1));
        let mut answer = WhatIfDocument::from(DifferenceDocument::from(difference));
        answer.street = patched_street;
        answer.present = present;
        answer.before = before.tiers.into_iter().map(|proof| Proof::from(proof).into()).collect();
        answer.after = after.tiers.into_iter().map(|proof| Proof::from(proof).into()).collect();
        answer.change.fill(|person, post| {
            named(&original.problem, person, post).or_else(|| named(&other.problem, person, post))
        });
        Ok(answer)
    })
    .await?;
    Ok(web::Json(answer))
}

fn clash() -> Problem {
    Problem::new(Code::Infeasible)
        .detail("锁定的安排与规则冲突；先取消锁定", "pinned assignments contradict the rules; unpin them first")
}

/// Tiers of the street as it stands, counted as its model counts them.
fn original_tiers(street: &Street) -> [i64; 3] {
    use paiban_solver::model::candidates::Network;
    use paiban_solver::model::part::PartModel;
    let network = Network::new(&street.problem);
    let model = PartModel::build(&network, &street.spec(&network));
    let held =
        |person: PersonIx, need: NeedIx| street.duties.get(person.index()).is_some_and(|own| own.contains(&need));
    let chosen: Vec<bool> = model.pairs.iter().map(|pair| held(pair.person, pair.need)).collect();
    model.linear.costs(&model.complete(&chosen))
}

/// The same street of the changed copy, with the duties that the roster has there now.
fn patched_copy(week: &StreetWeek, copy: &SolverProblem, street: Option<&str>) -> Street {
    let own: Vec<Duty> = week
        .duties
        .iter()
        .filter_map(|duty| {
            let person = &week.problem.people.get(duty.person.index())?.id;
            let need = &week.problem.needs.get(duty.need.index())?.id;
            let person = copy.people.iter().position(|other| other.id == *person).map(PersonIx::from_index)?;
            let need = copy.needs.iter().position(|other| other.id == *need).map(NeedIx::from_index)?;
            let span = copy.needs.get(need.index())?.as_post()?.span;
            Some(Duty { person, need, span })
        })
        .collect();
    let at = street.and_then(|id| copy.units.iter().position(|unit| unit.id == id));
    Street::of(copy, &by_person(copy, &own), at.map(paiban_solver::problem::UnitIx::from_index))
}

fn duties(street: &Street, planned: &Planned) -> Vec<Duty> {
    let pairs = planned.duties.iter().enumerate().flat_map(|(at, needs)| needs.iter().map(move |&need| (at, need)));
    pairs
        .filter_map(|(at, need)| {
            let span = street.problem.needs.get(need.index())?.as_post()?.span;
            Some(Duty { person: PersonIx::from_index(at), need, span })
        })
        .collect()
}

fn named(problem: &SolverProblem, person: &str, post: &str) -> Option<paiban_solver::document::DutyDocument> {
    let person = problem.people.iter().position(|other| other.id == person).map(PersonIx::from_index)?;
    let need = problem.needs.iter().position(|other| other.id == post).map(NeedIx::from_index)?;
    Some(duty_document(problem, person, need))
}
