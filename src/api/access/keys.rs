//! API keys: everybody's own, shown once, stored as hashes, with scopes, and revocable.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::Tell as _;
use crate::accounts::token;
use crate::api::extract::Json;
use crate::api::lang::Text;
use crate::api::openapi::{KeyErrors, ListErrors, RemoveErrors};
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::resources::query::list_query;
use crate::api::resources::{created, path_id, word_at};
use crate::api::state::AppState;
use crate::db::api_keys::{self, ApiKeyFilter};
use crate::db::{DbError, accounts};
use crate::domain::{AccountId, ApiKey, ApiKeyId, KeyScope, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_api_keys).service(create_api_key).service(revoke_api_key);
}

/// What a new key is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "12345 热线", "scopes": ["read"], "expiresAt": "2027-11-23T00:00:00Z"}))]
pub struct NewApiKey {
    /// What it is for, in words.
    name: String,
    /// Any of `read`, `edit`, `plan` and `everything`; never more than the account itself may.
    scopes: Vec<String>,
    /// When it ends by itself; null for never.
    expires_at: Option<DateTime<Utc>>,
}

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey, example = json!({
    "id": "ak-1", "name": "12345 热线", "scopes": ["read"], "createdAt": "2026-11-23T08:00:00Z",
    "expiresAt": null, "revokedAt": null, "usedAt": null
}))]
pub struct ApiKeyDocument {
    /// Id.
    id: String,
    /// What it is for, in words.
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, give or take some minutes.
    used_at: Option<DateTime<Utc>>,
    /// The key itself, for `Authorization: Bearer`; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl ApiKeyDocument {
    pub(in crate::api) fn new(stored: ApiKey, key: Option<String>) -> Self {
        Self {
            id: stored.id.to_string(),
            name: stored.name,
            scopes: stored.scopes.iter().map(ToString::to_string).collect(),
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            revoked_at: stored.revoked_at,
            used_at: stored.used_at,
            key,
        }
    }
}

/// The author's account; without signing in, and for a key, there are no own keys.
fn own_account(who: &Who) -> Result<AccountId, Problem> {
    match &who.account {
        Some(account) if who.scopes.is_none() => Ok(account.clone()),
        _ => Err(Problem::new(Code::Forbidden)
            .detail("须以用户名和密码登录", "keys are kept by people who sign in with a password")),
    }
}

/// Nothing narrows the list of one's own keys.
#[derive(Debug)]
pub struct NoFilter {}

list_query! {
    KeyQuery fills NoFilter {}
}

/// Lists the author's own keys by id, revoked ones too.
#[utoipa::path(tag = "accounts", params(KeyQuery), responses(
    (status = 200, description = "One page", body = Page<ApiKeyDocument>), ListErrors,
))]
#[get("/api-keys")]
pub async fn list_api_keys(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<KeyQuery>,
) -> Result<web::Json<Page<ApiKeyDocument>>, Problem> {
    let (_, page) = query.into_inner().filter()?;
    let filter = ApiKeyFilter { account: Some(own_account(&who)?) };
    let slice = state.read(move |conn| api_keys::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(|key| ApiKeyDocument::new(key, None)).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Makes a key with which another system acts for the author; the answer shows it, once.
#[utoipa::path(tag = "accounts", request_body = NewApiKey, responses(
    (status = 201, description = "Created", body = ApiKeyDocument,
        headers(("Location" = String, description = "Where it is"))),
    KeyErrors,
))]
#[post("/api-keys")]
pub async fn create_api_key(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<NewApiKey>,
) -> Result<HttpResponse, Problem> {
    let account = own_account(&who)?;
    let now = state.clock.now();
    if body.0.expires_at.is_some_and(|end| end <= now) {
        return Err(Problem::new(Code::InvalidValue).at(
            "/expiresAt",
            Text::new("到期时间已过", "the key would have ended already"),
            Text::new("给出将来的时间", "give a time to come"),
        ));
    }
    let scope = |(index, scope): (usize, &String)| word_at(scope, &format!("/scopes/{index}"), KeyScope::parse);
    let scopes = body.0.scopes.iter().enumerate().map(scope).collect::<Result<_, _>>()?;
    let secret = format!("pb_{}", token::fresh().map_err(Problem::internal)?);
    let key = ApiKey {
        id: ApiKeyId::fresh(now, &*state.entropy),
        account,
        name: body.0.name,
        hash: token::hash(&secret),
        scopes,
        created_at: now,
        expires_at: body.0.expires_at,
        revoked_at: None,
        used_at: None,
        version: 1,
    };
    let stored = state
        .change(&who, move |tx| {
            accounts::get(tx, &key.account)?;
            api_keys::insert(tx, &key)?;
            tx.did("create", ("API key", key.id.as_str()), None, None, Some(&ApiKeyDocument::new(key.clone(), None)));
            Ok(key)
        })
        .await?;
    let id = stored.id.to_string();
    Ok(created(&request, &id, 1, &ApiKeyDocument::new(stored, Some(secret))))
}

/// Revokes one of the author's keys; it stops working at once and stays in the list.
#[utoipa::path(tag = "accounts", params(("id" = String, Path, description = "Id")), responses(
    (status = 204, description = "Revoked"), RemoveErrors,
))]
#[delete("/api-keys/{id}")]
pub async fn revoke_api_key(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ApiKeyId = path_id(&id)?;
    // Who has no keys of their own finds none here.
    let account = own_account(&who).map_err(|_| Problem::new(Code::NotFound))?;
    let now = state.clock.now();
    state
        .change(&who, move |tx| {
            let key = api_keys::get(tx, &id)?;
            if key.account != account {
                return Err(DbError::NotFound { kind: "API key", id: id.to_string() });
            }
            if key.revoked_at.is_some() {
                tx.unchanged();
                return Ok(());
            }
            api_keys::update(tx, &ApiKey { revoked_at: Some(now), ..key })?;
            tx.because("revoke", ("API key", id.as_str()), None, None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
