//! Changing an assignment by hand: a change that breaks a rule needs a reason and stays visible.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::changes::changeable;
use super::duties::parts;
use crate::api::access::personal::Reason;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::lang::Lang;
use crate::api::openapi::{ServiceErrors, SubListErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::query::list_query;
use crate::api::resources::{expected, id_at, path_id};
use crate::api::schedules::assignments::AssignmentDocument;
use crate::api::schedules::schedule_for;
use crate::api::state::AppState;
use crate::db::overrides::{self, OverrideFilter};
use crate::db::{ConflictKind, DbError, DbResult, Tx, assignments, people, stations};
use crate::domain::{
    Assignment, AssignmentSource, BrokenRule, Entropy, OverrideId, PersonId, ScheduleId, ScheduleOverride, Who,
};
use crate::planning::judge::{Place, judge, part_of};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(replace_assignment).service(list_overrides);
}

/// Who stands at the post instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"person": "p-2", "reason": null}))]
pub struct Replacement {
    /// Id of the person.
    person: String,
    /// Why rules are broken; without it, a change that breaks any is refused and says which.
    reason: Option<String>,
}

/// A rule that somebody broke by hand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Override, example = json!({
    "id": "ov-1", "assignment": 17, "person": "p-2", "post": "po-1", "rule": "H02", "detail": "…",
    "reason": "本人同意临时顶班", "by": "lin", "at": "2026-11-25T08:00:00Z"
}))]
pub struct OverrideDocument {
    id: String,
    /// Number of the assignment.
    assignment: i64,
    person: String,
    post: String,
    /// Code of the rule.
    rule: String,
    /// What is broken, in the reader's language.
    detail: String,
    /// Why.
    reason: String,
    /// Name of the account.
    by: String,
    at: DateTime<Utc>,
}

list_query! {
    OverrideQuery fills NoFilter {}
}

/// Nothing narrows the list of a schedule's overrides.
#[derive(Debug)]
pub struct NoFilter {}

/// Puts another person at an assignment's post in a roster that is not in force. The assignment is pinned.
#[utoipa::path(tag = "planning", request_body = Replacement, params(
    ("id" = String, Path, description = "Id of the schedule"),
    ("assignment" = String, Path, description = "Number of the assignment"),
    ("If-Match" = String, Header, description = "Version of the assignment as an ETag", example = "\"1\""),
), responses((status = 200, description = "Replaced", body = AssignmentDocument,
    headers(("ETag" = String, description = "The new version"))), ServiceErrors))]
#[put("/schedules/{id}/assignments/{assignment}/person")]
pub async fn replace_assignment(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
    if_match: IfMatch,
    body: Json<Replacement>,
) -> Result<HttpResponse, Problem> {
    let (id, seq) = parts(&path)?;
    let person: PersonId = id_at(&body.0.person, "/person")?;
    let reason = body.0.reason.map(|reason| Reason::of(reason).given()).transpose()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let stored = state
        .change(&who, move |tx| {
            let (schedule, path) = schedule_for(&author, tx, &id)?;
            let before = assignments::get(tx, &id, seq)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            if version != before.version {
                let (id, actual) = (format!("{id}/{seq}"), before.version);
                return Err(DbError::Stale { kind: "assignment", id, expected: version, actual });
            }
            changeable(&schedule)?;
            people::get(tx, &person).map_err(|_| DbError::Conflict {
                kind: "person",
                reason: ConflictKind::MissingReference,
                detail: format!("there is no person {person}"),
            })?;
            let unit = stations::get(tx, &before.station)?.unit;
            let part = part_of(tx, &schedule, &[unit])?;
            let roster: Vec<Place> =
                assignments::of_schedule(tx, &id)?.into_iter().map(|duty| (duty.person, duty.post)).collect();
            let leave = [(before.person.clone(), before.post.clone())];
            let join = [(person.clone(), before.post.clone())];
            let broken = judge(tx, &schedule, &part, &roster, &leave, &join)?;
            if reason.is_none() && !broken.is_empty() {
                return Err(DbError::Breaks { broken });
            }
            let source = AssignmentSource::Manual;
            assignments::update(tx, &Assignment { person: person.clone(), pinned: true, source, ..before.clone() })?;
            let duty = Assignment { person: person.clone(), ..before.clone() };
            let why = reason.clone().unwrap_or_default();
            let overriding = Overriding { duty: &duty, reason: why, actor: author.actor.clone(), now };
            keep_broken(tx, broken, &overriding, &*entropy)?;
            let after = assignments::get(tx, &id, seq)?;
            let json = |duty: &Assignment| serde_json::to_string(&AssignmentDocument::from(duty.clone())).ok();
            tx.tell(crate::domain::AuditDraft {
                action: "override",
                kind: "assignment",
                entity: format!("{id}/{seq}"),
                unit_path: path,
                before: json(&before),
                after: json(&after),
                reason,
            });
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(stored.version)).json(AssignmentDocument::from(stored)))
}

/// Who broke rules by hand, at which duty, and why.
pub(super) struct Overriding<'a> {
    /// The duty at which they are broken.
    pub duty: &'a Assignment,
    /// Why.
    pub reason: String,
    /// Name of the account.
    pub actor: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// Keeps what was broken with its reason.
///
/// # Errors
/// Those of the connection.
pub(super) fn keep_broken(
    tx: &mut Tx<'_>,
    broken: Vec<BrokenRule>,
    overriding: &Overriding<'_>,
    entropy: &dyn Entropy,
) -> DbResult<()> {
    for one in broken {
        let duty = overriding.duty;
        let kept = ScheduleOverride {
            id: OverrideId::fresh(overriding.now, entropy),
            schedule: duty.schedule.clone(),
            seq: duty.seq,
            person: duty.person.clone(),
            post: duty.post.clone(),
            rule: one.rule,
            detail_zh: one.zh,
            detail_en: one.en,
            reason: overriding.reason.clone(),
            actor: overriding.actor.clone(),
            at: overriding.now,
            version: 1,
        };
        overrides::insert(tx, &kept)?;
    }
    Ok(())
}

/// Lists the rules that somebody broke by hand in a schedule, each with its reason; they stay when it is published.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id of the schedule"), OverrideQuery),
    responses((status = 200, description = "One page", body = Page<OverrideDocument>), SubListErrors))]
#[get("/schedules/{id}/overrides")]
pub async fn list_overrides(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<OverrideQuery>,
    lang: Lang,
) -> Result<web::Json<Page<OverrideDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let (_, page) = query.into_inner().filter()?;
    let slice = state
        .read(move |conn| {
            schedule_for(&who, conn, &id)?;
            overrides::list(conn, &OverrideFilter { schedule: Some(id) }, &page)
        })
        .await?;
    let items = slice.items.into_iter().map(|one| OverrideDocument {
        id: one.id.to_string(),
        assignment: one.seq,
        person: one.person.to_string(),
        post: one.post.to_string(),
        rule: one.rule,
        detail: lang.pick(one.detail_zh, one.detail_en),
        reason: one.reason,
        by: one.actor,
        at: one.at,
    });
    Ok(web::Json(Page::new(&request, items.collect(), slice.next.as_deref())))
}
