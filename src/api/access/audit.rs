//! The audit trail: searching, exporting, verifying.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::guard::allow;
use crate::api::openapi::{ListErrors, PlainErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::query::list_query;
use crate::api::state::AppState;
use crate::db::audit::{self, AuditFilter};
use crate::db::{Connection, DbResult, MAX_PAGE};
use crate::domain::{AuditEntry, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_audit).service(export_audit).service(verify_audit);
}

/// An entry of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry, example = json!({
    "seq": 42, "at": "2026-11-23T08:00:00Z", "actor": "lin", "action": "update", "kind": "person", "entity": "p-1",
    "before": {"name": "单雪梅"}, "after": {"name": "单雪"}, "reason": null, "erased": false,
    "hash": "9f86d0…", "previousHash": "60303a…"
}))]
pub struct AuditDocument {
    /// Number, from 1 without gaps.
    seq: i64,
    /// When.
    at: DateTime<Utc>,
    /// Who: name of the account, `open` without signing in, `system` for the server itself.
    actor: String,
    /// What was done.
    action: String,
    /// What it was done to.
    kind: String,
    /// Its id.
    entity: String,
    /// The document before.
    #[schema(value_type = Option<Object>)]
    before: Option<serde_json::Value>,
    /// The document after.
    #[schema(value_type = Option<Object>)]
    after: Option<serde_json::Value>,
    /// Why.
    reason: Option<String>,
    /// What the entry told has been erased.
    erased: bool,
    /// Hash of the entry.
    hash: String,
    /// Hash of the entry before.
    previous_hash: String,
}

impl From<AuditEntry> for AuditDocument {
    fn from(entry: AuditEntry) -> Self {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            kind: entry.kind,
            entity: entry.entity,
            before: json(entry.before),
            after: json(entry.after),
            reason: entry.reason,
            erased: entry.salt.is_none(),
            hash: entry.hash,
            previous_hash: entry.previous_hash,
        }
    }
}

list_query! {
    AuditQuery fills AuditFilter by "-seq" "Order: `-seq`, the latest first (unless given), or `seq`." {
        /// Only about this kind of entity, such as `person`.
        kind => kind,
        /// Only about the entity with this id.
        entity => entity,
        /// Only by this actor.
        actor => actor,
        /// Only of this action.
        action => action,
        /// Only from this day on, UTC.
        from => from,
        /// Only up to this day, UTC.
        to => to,
    }
}

/// Lists what was changed, by whom and why, the latest first.
#[utoipa::path(tag = "accounts", params(AuditQuery), responses(
    (status = 200, description = "One page", body = Page<AuditDocument>), ListErrors,
))]
#[get("/audit")]
pub async fn list_audit(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<Page<AuditDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| audit::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(AuditDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Exports what the list holds, the oldest first, one JSON document a line.
#[utoipa::path(tag = "accounts", params(AuditQuery), responses(
    (status = 200, description = "All entries", body = String, content_type = "application/x-ndjson",
        example = json!("{\"seq\":1,\"actor\":\"lin\"}\n")),
    ListErrors,
))]
#[get("/audit/export")]
pub async fn export_audit(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, Problem> {
    let (filter, _) = query.into_inner().filter()?;
    let first = crate::db::Page { descending: true, visible: who.visible(), ..crate::db::Page::first(MAX_PAGE) };
    // A page at a time: the trail may be longer than memory is wide.
    let pages = futures_util::stream::unfold(Some(first), move |page| {
        let (state, filter) = (state.clone(), filter.clone());
        async move {
            let mut page = page?;
            let read = state
                .read(move |conn| {
                    let lines = lines(conn, &filter, &page)?;
                    page.after = lines.1;
                    Ok((lines.0, page))
                })
                .await;
            match read {
                Ok((text, page)) => {
                    let rest = page.after.is_some().then_some(page);
                    Some((Ok::<_, actix_web::Error>(web::Bytes::from(text)), rest))
                }
                Err(problem) => Some((Err(problem.into()), None)),
            }
        }
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(pages))
}

/// A page as lines, and the cursor of the next one.
fn lines(conn: &mut Connection, filter: &AuditFilter, page: &crate::db::Page) -> DbResult<(String, Option<String>)> {
    let slice = audit::list(conn, filter, page)?;
    let mut text = String::new();
    for entry in slice.items {
        text.push_str(&serde_json::to_string(&AuditDocument::from(entry)).unwrap_or_default());
        text.push('\n');
    }
    Ok((text, slice.next))
}

/// What a walk along the chain found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"sound": true, "entries": 42, "erased": 0, "head": "9f86d0…", "brokenAt": null, "cause": null}))]
pub struct Verification {
    /// Whether every entry is as it was written.
    sound: bool,
    /// Sound entries from the first one on.
    entries: i64,
    /// Entries of which the content was erased on request.
    erased: u64,
    /// Hash of the last sound entry: keep it elsewhere, and compare it with that entry's hash later.
    head: String,
    /// Number of the first entry that is not sound.
    broken_at: Option<i64>,
    /// What is wrong with it.
    cause: Option<&'static str>,
}

/// Walks along the whole chain of the audit trail and says whether it is whole.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "What was found", body = Verification), PlainErrors,
))]
#[get("/audit/verification")]
pub async fn verify_audit(state: web::Data<AppState>, who: Who) -> Result<web::Json<Verification>, Problem> {
    allow(&who, None, "audit trail", "")?;
    let found = state.read(audit::verify).await?;
    Ok(web::Json(Verification {
        sound: found.fault.is_none(),
        entries: found.entries,
        erased: found.erased,
        head: found.head,
        broken_at: found.fault.map(|(seq, _)| seq),
        cause: found.fault.map(|(_, cause)| cause),
    }))
}
