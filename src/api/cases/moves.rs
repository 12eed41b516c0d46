//! Moves of cases, each a sub-resource: `POST /cases/{id}/{move}` with `If-Match`.

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::documents::CaseDocument;
use super::{Reader, case_to_move};
use crate::api::access::guard::{allow_unit, as_reference};
use crate::api::access::trail::Tell as _;
use crate::api::database::of_faults;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{CreateErrors, MoveErrors};
use crate::api::problem::{Code, Problem};
use crate::api::resources::{expected, id_at, path_id, word_at};
use crate::api::state::AppState;
use crate::cases::moves::{By, make_move};
use crate::cases::transfer::transfer_cases;
use crate::db::{DbResult, Tx, case_categories, cases, people};
use crate::domain::{
    CaseAction, CaseCategoryId, CaseId, MoveRefused, PersonId, Satisfaction, SkillId, Triage, UnitId, Who,
};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(triage_case)
        .service(assign_case)
        .service(accept_case)
        .service(return_case)
        .service(escalate_case)
        .service(extend_case)
        .service(explain_case)
        .service(resolve_case)
        .service(call_back_case)
        .service(reopen_case)
        .service(transfer_unit_cases);
}

/// The problem of a refused move.
#[must_use]
pub fn refused(refusal: MoveRefused) -> Problem {
    match refusal {
        MoveRefused::Illegal { tried, status, legal } => {
            let names: Vec<&'static str> = legal.iter().map(|name| name.as_str()).collect();
            let list = names.join(", ");
            Problem { legal_moves: Some(names.into_boxed_slice()), ..Problem::new(Code::IllegalMove) }.detail(
                format!("事项处于 {status}，不能 {tried}；可以：{list}"),
                format!("the case is {status}, so it cannot {tried}; legal are: {list}"),
            )
        }
        MoveRefused::Faulty(faults) => of_faults(&faults),
    }
}

/// Reads the case, makes the action of what the body names, makes the move and answers the case.
async fn moved(
    state: web::Data<AppState>,
    who: Who,
    name: &'static str,
    id: &str,
    if_match: IfMatch,
    reason: Option<String>,
    action: impl FnOnce(&mut Tx<'_>) -> DbResult<CaseAction> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let id: CaseId = path_id(id)?;
    let now = state.clock.now();
    let mut reader = Reader::new(who.clone(), &state);
    let outcome = state
        .change(&who, move |tx| {
            let (stored, path) = case_to_move(&reader.who, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let action = action(tx)?;
            let by = By { actor: &reader.who.actor, now, reason: reason.as_deref() };
            match make_move(tx, &id, version, &action, by)? {
                Ok(case) => {
                    let before = reader.masked(tx, stored)?;
                    let after = reader.masked(tx, case.clone())?;
                    tx.did(name, ("case", id.as_str()), path, Some(&before), Some(&after));
                    reader.document(tx, case).map(Ok)
                }
                Err(refusal) => {
                    tx.unchanged();
                    Ok(Err(refusal))
                }
            }
        })
        .await?;
    let document = outcome.map_err(refused)?;
    Ok(HttpResponse::Ok().insert_header(etag(document.version)).json(document))
}

/// What triage decides; what is left out comes from the category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "category": "housing", "skill": null, "minutes": 90, "urgency": 2, "workingDays": 5, "deadline": null,
    "earliest": null, "excluded": [], "reason": null
}))]
pub struct TriageInput {
    /// Id of the category.
    category: String,
    /// Id of the skill that the handler needs; the category's unless given.
    skill: Option<String>,
    /// Expected minutes; the category's unless given.
    minutes: Option<u32>,
    /// Urgency, 1 ordinary to 5; unchanged unless given.
    urgency: Option<u8>,
    /// Working days from today to the deadline; the category's unless given.
    working_days: Option<u16>,
    /// The deadline itself, if it is not counted in working days.
    deadline: Option<NaiveDate>,
    /// First day on which it can be worked.
    earliest: Option<NaiveDate>,
    /// Ids of people with a conflict of interest.
    #[serde(default)]
    excluded: Vec<String>,
    /// Why so.
    reason: Option<String>,
}

/// Sets category, skill, minutes, urgency and deadline of a case.
#[utoipa::path(tag = "cases", request_body = TriageInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
), responses((status = 200, description = "Triaged", body = CaseDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/cases/{id}/triage")]
pub async fn triage_case(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<TriageInput>,
) -> Result<HttpResponse, Problem> {
    let body = body.0;
    let category: CaseCategoryId = id_at(&body.category, "/category")?;
    let skill: Option<SkillId> = body.skill.as_deref().map(|id| id_at(id, "/skill")).transpose()?;
    let excluded = body.excluded.iter().enumerate();
    let excluded: Vec<PersonId> =
        excluded.map(|(index, id)| id_at(id, &format!("/excluded/{index}"))).collect::<Result<_, _>>()?;
    let case_id: CaseId = path_id(&id)?;
    moved(state, who, "triage", &id, if_match, body.reason, move |tx| {
        let urgency = cases::get(tx, &case_id)?.urgency;
        let category = case_categories::get(tx, &category).map_err(as_reference)?;
        Ok(CaseAction::Triage(Box::new(Triage {
            skill: skill.or(category.skill),
            minutes: body.minutes.unwrap_or(category.minutes),
            urgency: body.urgency.unwrap_or(urgency),
            working_days: body.working_days.unwrap_or(category.working_days),
            category: category.id,
            deadline: body.deadline,
            earliest: body.earliest,
            excluded,
        })))
    })
    .await
}

/// Who gets a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"handler": "p-1", "reason": null}))]
pub struct AssignInput {
    /// Id of the person.
    handler: String,
    /// Why them.
    reason: Option<String>,
}

/// Names the person who handles a case.
#[utoipa::path(tag = "cases", request_body = AssignInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
), responses((status = 200, description = "Assigned", body = CaseDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/cases/{id}/assign")]
pub async fn assign_case(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<AssignInput>,
) -> Result<HttpResponse, Problem> {
    let handler: PersonId = id_at(&body.0.handler, "/handler")?;
    moved(state, who, "assign", &id, if_match, body.0.reason, move |tx| {
        let person = people::get(tx, &handler).map_err(as_reference)?;
        Ok(CaseAction::Assign { handler, category: person.category })
    })
    .await
}

/// A later deadline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"deadline": "2026-12-15", "reason": "等待配件到货"}))]
pub struct ExtendInput {
    /// The new last day.
    deadline: NaiveDate,
    /// Why.
    reason: Option<String>,
}

/// Moves a case's deadline; once only.
#[utoipa::path(tag = "cases", request_body = ExtendInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
), responses((status = 200, description = "Extended", body = CaseDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/cases/{id}/extend")]
pub async fn extend_case(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<ExtendInput>,
) -> Result<HttpResponse, Problem> {
    let deadline = body.0.deadline;
    moved(state, who, "extend", &id, if_match, body.0.reason, move |_| Ok(CaseAction::Extend { deadline })).await
}

/// What the resident said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"satisfaction": "satisfied", "reason": "灯已修好"}))]
pub struct CallBackInput {
    /// `satisfied`, `mostlySatisfied`, `dissatisfied` or `noAnswer`.
    satisfaction: String,
    /// In their words.
    reason: Option<String>,
}

/// Notes what the resident says when called back.
#[utoipa::path(tag = "cases", request_body = CallBackInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
), responses((status = 200, description = "Noted", body = CaseDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/cases/{id}/call-back")]
pub async fn call_back_case(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<CallBackInput>,
) -> Result<HttpResponse, Problem> {
    let satisfaction = word_at(&body.0.satisfaction, "/satisfaction", Satisfaction::parse)?;
    moved(state, who, "call-back", &id, if_match, body.0.reason, move |_| Ok(CaseAction::CallBack { satisfaction }))
        .await
}

/// Why a move is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "已更换灯具，居民现场确认"}))]
pub struct ReasonInput {
    /// Why; left out only where the move speaks for itself.
    reason: Option<String>,
}

/// Moves that need nothing but a reason.
macro_rules! reasoned_moves {
    ($($path:tt $word:tt $name:ident $action:ident $doc:tt;)*) => {$(
        #[doc = $doc]
        #[utoipa::path(tag = "cases", request_body = ReasonInput, params(
            ("id" = String, Path, description = "Id"),
            ("If-Match" = String, Header, description = "ETag of the version that is moved", example = "\"1\""),
        ), responses((status = 200, description = "Moved", body = CaseDocument,
            headers(("ETag" = String, description = "The new version"))), MoveErrors))]
        #[post($path)]
        pub async fn $name(
            state: web::Data<AppState>,
            who: Who,
            id: web::Path<String>,
            if_match: IfMatch,
            body: Json<ReasonInput>,
        ) -> Result<HttpResponse, Problem> {
            moved(state, who, $word, &id, if_match, body.0.reason, |_| Ok(CaseAction::$action)).await
        }
    )*};
}

reasoned_moves! {
    "/cases/{id}/accept" "accept" accept_case Accept "Takes an assigned case up.";
    "/cases/{id}/return" "return" return_case Return "Gives a case back to its unit, which has to triage it again.";
    "/cases/{id}/escalate" "escalate" escalate_case Escalate "Sends a case to the parent unit.";
    "/cases/{id}/explain" "explain" explain_case Explain
        "Closes a case that cannot be solved for now, after explaining this to the resident.";
    "/cases/{id}/resolve" "resolve" resolve_case Resolve "Closes a case as solved.";
    "/cases/{id}/reopen" "reopen" reopen_case Reopen "Takes a closed case up again, with a new deadline.";
}

/// Whose cases go where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"from": "220102001001", "to": "220102001002", "reason": "社区合并"}))]
pub struct TransferInput {
    /// Code of the unit that was merged into another.
    from: String,
    /// Code of the other.
    to: String,
    /// The decision.
    reason: Option<String>,
}

/// How many cases changed hands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"cases": 12}))]
pub struct Transferred {
    /// How many.
    cases: usize,
}

/// Hands every case of a unit that was merged into another to that other, open and closed ones alike.
#[utoipa::path(tag = "cases", request_body = TransferInput, responses(
    (status = 200, description = "Handed over", body = Transferred),
    (status = 404, description = "Codes: not-found", body = crate::api::problem::ProblemDocument,
        content_type = "application/problem+json"),
    CreateErrors,
))]
#[post("/case-transfers")]
pub async fn transfer_unit_cases(
    state: web::Data<AppState>,
    who: Who,
    body: Json<TransferInput>,
) -> Result<web::Json<Transferred>, Problem> {
    let (from, to): (UnitId, UnitId) = (id_at(&body.0.from, "/from")?, id_at(&body.0.to, "/to")?);
    let (now, reason) = (state.clock.now(), body.0.reason);
    let author = who.clone();
    let cases = state
        .change(&who, move |tx| {
            let path = allow_unit(&author, tx, &from)?;
            allow_unit(&author, tx, &to)?;
            let by = By { actor: &author.actor, now, reason: reason.as_deref() };
            let cases = transfer_cases(tx, &from, &to, by).map_err(as_reference)?;
            tx.because("transfer-cases", ("unit", from.as_str()), path, reason.clone());
            Ok(cases)
        })
        .await?;
    Ok(web::Json(Transferred { cases }))
}
