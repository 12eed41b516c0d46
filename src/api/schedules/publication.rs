//! Publishing: what it would do, doing it, undoing it, and how the versions of a week differ.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::{BeforeAfter, side_by_side};
use super::assignments::AssignmentDocument;
use super::documents::ScheduleDocument;
use super::roster::ready;
use super::{schedule_for, with_job};
use crate::api::access::personal::Reason;
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::{Json, parse};
use crate::api::openapi::{GetErrors, PinErrors, PublishErrors, RosterErrors, WithdrawErrors};
use crate::api::problem::{Code, Problem};
use crate::api::resources::{expected, found, id_at, path_id};
use crate::api::state::AppState;
use crate::cases::moves::By;
use crate::db::{Connection, DbResult, assignments, people, results, schedules};
use crate::domain::{AuditDraft, CaseId, Schedule, ScheduleId, Who};
use crate::planning::follow::follow;
use crate::planning::notices::News;
use crate::planning::publish::{PersonChange, diff, preview, publish, withdraw};
use crate::planning::receive::carry_out_receptions;
use crate::planning::settle::carry_out;
use crate::planning::take_back::{Because, Subject, TakenBack, hand_over, take_back};
use crate::planning::visits::carry_out_visits;
use crate::sharing::booking::Author;

/// Why cases move with a publication, in their history.
const PUBLISHED: &str = "按发布的班表安排";

/// What changes for one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PersonChange)]
pub struct PersonChangeDocument {
    /// Id of the person.
    person: String,
    /// Name.
    name: String,
    /// Duties gained, by date and time.
    added: Vec<AssignmentDocument>,
    /// Duties lost, by date and time.
    removed: Vec<AssignmentDocument>,
}

/// What publishing would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Publication, example = json!({
    "schedule": "sc-2", "replaces": "sc-1", "begun": 0,
    "told": [{"person": "p-1", "name": "单雪梅", "added": [], "removed": []}]
}))]
pub struct PublicationDocument {
    /// Id of the schedule.
    schedule: String,
    /// Id of the schedule in force that it would take the place of.
    replaces: Option<String>,
    /// Who would be told of what; nobody else hears of it.
    told: Vec<PersonChangeDocument>,
    /// Changes to duties that have begun; publishing is refused unless this is 0.
    begun: usize,
}

/// How two schedules of a week differ.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Diff, example = json!({
    "from": "sc-1", "to": "sc-2", "tiers": [{"before": 300, "after": 0}, {"before": 0, "after": 0},
    {"before": 10, "after": 12}], "rules": {"S10": {"before": 300, "after": 0}},
    "people": [{"person": "p-1", "name": "单雪梅", "added": [], "removed": []}]
}))]
pub struct DiffDocument {
    /// Id of the earlier schedule.
    from: String,
    /// Id of the later schedule.
    to: String,
    /// Tiers 1 to 3 of both.
    tiers: Vec<BeforeAfter>,
    /// Rules whose cost differs.
    rules: BTreeMap<String, BeforeAfter>,
    /// People whose duties differ.
    people: Vec<PersonChangeDocument>,
}

fn named(conn: &mut Connection, changes: Vec<PersonChange>) -> DbResult<Vec<PersonChangeDocument>> {
    let ids: Vec<_> = changes.iter().map(|change| &change.person).collect();
    let mut names = people::names(conn, &ids)?;
    let documents = |duties: Vec<_>| duties.into_iter().map(AssignmentDocument::from).collect();
    Ok(changes
        .into_iter()
        .map(|change| PersonChangeDocument {
            name: names.remove(change.person.as_str()).unwrap_or_default(),
            person: change.person.to_string(),
            added: documents(change.added),
            removed: documents(change.removed),
        })
        .collect())
}

/// Answers what publishing the schedule now would do: what it replaces, and who would be told of what.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "The preview", body = PublicationDocument), RosterErrors,
))]
#[get("/schedules/{id}/publication")]
pub async fn get_publication(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<PublicationDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let now = state.clock.now();
    let (schedule, document) = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            let publication = preview(conn, &schedule, now)?;
            let document = PublicationDocument {
                schedule: id.to_string(),
                replaces: publication.replaces.map(|replaced| replaced.id.to_string()),
                told: named(conn, publication.told)?,
                begun: publication.begun,
            };
            Ok((schedule, document))
        })
        .await?;
    ready(&schedule)?;
    Ok(web::Json(document))
}

/// Lists every schedule of the same unit and week, in the order in which they were asked for.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Versions of the week", body = Vec<ScheduleDocument>), GetErrors,
))]
#[get("/schedules/{id}/versions")]
pub async fn list_versions(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<Vec<ScheduleDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let versions = state
        .read(move |conn| {
            let schedule = schedule_for(&who, conn, &id)?.0;
            let versions = schedules::versions(conn, &schedule.unit, schedule.week_start)?;
            versions.into_iter().map(|version| with_job(conn, version)).collect::<DbResult<Vec<_>>>()
        })
        .await?;
    Ok(web::Json(versions))
}

/// Answers what changes for whom from this schedule to another one of the same unit and week.
#[utoipa::path(tag = "planning", params(
    ("id" = String, Path, description = "Id of the earlier schedule"),
    ("other" = String, Path, description = "Id of the later schedule"),
), responses((status = 200, description = "The differences", body = DiffDocument), PublishErrors))]
#[get("/schedules/{id}/diff/{other}")]
pub async fn get_diff(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DiffDocument>, Problem> {
    let (from, to): (ScheduleId, ScheduleId) = (path_id(&path.0)?, path_id(&path.1)?);
    let (one, other, document) = state
        .read(move |conn| {
            let one = schedule_for(&who, conn, &from)?.0;
            let other = schedule_for(&who, conn, &to)?.0;
            let before = assignments::of_schedule(conn, &from)?;
            let after = assignments::of_schedule(conn, &to)?;
            let people = named(conn, diff(&before, &after))?;
            let rules = side_by_side(results::rules(conn, &from)?, results::rules(conn, &to)?);
            let pairs = results::tiers(conn, &from)?.into_iter().zip(results::tiers(conn, &to)?);
            let tiers = pairs.map(|(one, other)| BeforeAfter { before: one.value, after: other.value }).collect();
            Ok((one, other, DiffDocument { from: from.to_string(), to: to.to_string(), tiers, rules, people }))
        })
        .await?;
    let place = |schedule: &Schedule| (schedule.unit.clone(), schedule.week_start);
    if place(&one) != place(&other) {
        return Err(Problem::new(Code::Conflict)
            .detail("两个班表不属于同一单位和同一周", "the two schedules are not of the same unit and week"));
    }
    Ok(web::Json(document))
}

/// What is accepted with a publication.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Publish, example = json!({"explain": ["ca-1"]}))]
pub struct PublishRequest {
    /// Ids of cases that the schedule proposes to explain to the resident as not solvable for now, and that are: they
    /// are closed as explained, with the schedule's reason.
    #[serde(default)]
    explain: Vec<String>,
}

/// Puts a planned schedule in force, in place of the published one of the same unit and week.
#[utoipa::path(tag = "planning", request_body(content = Option<PublishRequest>,
    description = "What is accepted; left out, proposals to explain cases stay proposals",
    example = json!({"explain": ["ca-1"]})), params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is published", example = "\"1\""),
), responses((status = 200, description = "Published", body = ScheduleDocument,
    headers(("ETag" = String, description = "The new version"))), PinErrors))]
#[post("/schedules/{id}/publish")]
pub async fn publish_schedule(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let accepted: PublishRequest = if body.is_empty() { PublishRequest::default() } else { parse(&body)? };
    let explain = accepted.explain.iter().enumerate().map(|(at, id)| id_at(id, &format!("/explain/{at}")));
    let explain: Vec<CaseId> = explain.collect::<Result<_, _>>()?;
    let now = state.clock.now();
    let author = who.clone();
    let entropy = state.entropy.clone();
    let document = state
        .change(&who, move |tx| {
            let (before, path) = schedule_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            let preview = preview(tx, &before, now)?;
            let (changes, replaced) = (preview.told, preview.replaces.map(|replaced| replaced.id));
            let schedule = publish(tx, &id, version, now)?;
            let occurrence = format!("{id}@{}", schedule.version);
            let news = News { event: "roster.published", unit: &schedule.unit, occurrence: &occurrence };
            follow(tx, &changes, &news, now, &*entropy)?;
            let by = By { actor: &author.actor, now, reason: Some(PUBLISHED) };
            carry_out(tx, &id, replaced.as_ref(), &explain, by)?;
            let author = Author { actor: &author.actor, now, entropy: &*entropy };
            if let Some(replaced) = &replaced {
                hand_over(tx, replaced, &id)?;
            }
            carry_out_receptions(tx, &id, author, by)?;
            carry_out_visits(tx, &id, by)?;
            if let Some(replaced) = &replaced {
                take_back(tx, replaced, Some(&id), by)?;
            }
            let before = with_job(tx, before)?;
            let document = with_job(tx, schedule)?;
            tx.did("publish", ("schedule", id.as_str()), path, Some(&before), Some(&document));
            Ok(document)
        })
        .await?;
    Ok(found(&request, document.version, &document))
}

/// A reception or a visit that a withdrawal has put back.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PutBack)]
pub struct PutBackDocument {
    /// `reception` or `visit`.
    kind: &'static str,
    /// Its id.
    id: String,
}

/// A reception or a visit that stays as a withdrawn publication wrote it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Kept)]
pub struct KeptDocument {
    /// `reception` or `visit`.
    kind: &'static str,
    /// Its id.
    id: String,
    /// Why: `announced` to residents, `changed` by somebody since, `begun` (or the day to which it would go back is over), or
    /// `unrecorded` (how it stood before was not kept).
    because: &'static str,
}

/// A schedule whose publication has been undone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WithdrawnSchedule, example = json!({
    "id": "sc-2", "unit": "220102001000", "week": "2026-W49", "status": "planned", "version": 4, "restored": "sc-1",
    "putBack": [{"kind": "visit", "id": "vi-1"}], "kept": [{"kind": "reception", "id": "re-1", "because": "announced"}]
}))]
pub struct WithdrawnDocument {
    /// The schedule: planned again.
    #[serde(flatten)]
    schedule: ScheduleDocument,
    /// Id of the schedule that is back in force.
    restored: Option<String>,
    /// Receptions and visits that stand again as they did before the publication.
    put_back: Vec<PutBackDocument>,
    /// Those that stay as the publication wrote them.
    kept: Vec<KeptDocument>,
}

impl WithdrawnDocument {
    fn new(schedule: ScheduleDocument, restored: Option<String>, taken: TakenBack) -> Self {
        let put_back = |subject: Subject| PutBackDocument { kind: subject.kind, id: subject.id };
        let kept = |(subject, because): (Subject, Because)| KeptDocument {
            kind: subject.kind,
            id: subject.id,
            because: because.as_str(),
        };
        Self {
            schedule,
            restored,
            put_back: taken.put_back.into_iter().map(put_back).collect(),
            kept: taken.kept.into_iter().map(kept).collect(),
        }
    }
}

/// Undoes a publication: the schedule is planned again, and the one that it had superseded is back in force. Receptions
/// and visits that the publication has written, and that nobody has touched since, go back to how they stood.
#[utoipa::path(tag = "planning", request_body = Reason, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is withdrawn", example = "\"1\""),
), responses((status = 200, description = "No longer in force", body = WithdrawnDocument,
    headers(("ETag" = String, description = "The new version"))), WithdrawErrors))]
#[post("/schedules/{id}/withdraw")]
pub async fn withdraw_schedule(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let reason = body.0.given()?;
    let now = state.clock.now();
    let author = who.clone();
    let entropy = state.entropy.clone();
    let document = state
        .change(&who, move |tx| {
            let (before, path) = schedule_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            let (schedule, restored) = withdraw(tx, &id, version, now)?;
            let left = assignments::of_schedule(tx, &id)?;
            let back = match &restored {
                Some(restored) => assignments::of_schedule(tx, &restored.id)?,
                None => Vec::new(),
            };
            let occurrence = format!("{id}@{}", schedule.version);
            let news = News { event: "roster.withdrawn", unit: &schedule.unit, occurrence: &occurrence };
            follow(tx, &diff(&left, &back), &news, now, &*entropy)?;
            let by = By { actor: &author.actor, now, reason: Some(&reason) };
            let restored = restored.map(|restored| restored.id);
            let taken = take_back(tx, &id, restored.as_ref(), by)?;
            if let Some(restored) = &restored {
                // What it had written, and the one that is withdrawn had left out, is written again.
                let author = Author { actor: &author.actor, now, entropy: &*entropy };
                carry_out_receptions(tx, restored, author, by)?;
                carry_out_visits(tx, restored, by)?;
            }
            let restored = restored.map(|restored| restored.to_string());
            tx.tell(AuditDraft {
                action: "withdraw",
                kind: "schedule",
                entity: id.to_string(),
                unit_path: path,
                before: None,
                after: restored.as_ref().map(|restored| format!("{{\"restored\":\"{restored}\"}}")),
                reason: Some(reason),
            });
            Ok(WithdrawnDocument::new(with_job(tx, schedule)?, restored, taken))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(document.schedule.version)).json(document))
}
