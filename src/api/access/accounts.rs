//! Accounts and their roles, for administrators: each sees and gives only what lies in the own subtree.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::session::GrantDocument;
use super::trail::Tell as _;
use crate::accounts::password;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{CreateErrors, DeleteErrors, GetErrors, ListErrors, ReplaceErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::query::list_query;
use crate::api::resources::{created, expected, found, id_at, path_id, word_at};
use crate::api::state::AppState;
use crate::db::accounts::{self, AccountFilter};
use crate::db::{ConflictKind, Connection, DbError, DbResult, people, placement, sessions};
use crate::domain::{Account, AccountId, Grant, Right, Role, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_accounts)
        .service(create_account)
        .service(get_account)
        .service(replace_account)
        .service(delete_account)
        .service(reset_password);
}

/// What can be set of an account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "name": "lin", "person": "p-1", "disabled": false, "grants": [{"role": "coordinator", "unit": "220102001000"}]
}))]
pub struct AccountSettings {
    /// Name that is typed to sign in.
    name: String,
    /// Id of the person whose account it is.
    person: Option<String>,
    /// Cannot sign in, and its keys do not work.
    #[serde(default)]
    disabled: bool,
    /// Roles.
    grants: Vec<GrantDocument>,
}

/// An account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account, example = json!({
    "id": "ac-1", "name": "lin", "person": "p-1", "disabled": false, "mustChangePassword": true,
    "grants": [{"role": "coordinator", "unit": "220102001000"}], "lockedUntil": null,
    "createdAt": "2026-11-23T08:00:00Z", "version": 1, "oneTimePassword": null
}))]
pub struct AccountDocument {
    /// Id.
    id: String,
    /// Name that is typed to sign in.
    name: String,
    /// Id of the person whose account it is.
    person: Option<String>,
    /// Cannot sign in, and its keys do not work.
    disabled: bool,
    /// The password is a one-time one.
    must_change_password: bool,
    /// Roles.
    grants: Vec<GrantDocument>,
    /// No sign-in before this time, after wrong passwords.
    locked_until: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Counts the edits, as in the `ETag`.
    version: i64,
    /// The password for the first sign-in; shown this once, after making the account or resetting its password.
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_password: Option<String>,
}

impl AccountDocument {
    pub(in crate::api) fn new(account: Account, one_time_password: Option<String>) -> Self {
        let grants = account.grants.iter().map(|grant| GrantDocument {
            role: grant.role.to_string(),
            unit: grant.unit.as_ref().map(ToString::to_string),
        });
        Self {
            id: account.id.to_string(),
            name: account.name,
            person: account.person.map(|person| person.to_string()),
            disabled: account.disabled,
            must_change_password: account.must_change_password,
            grants: grants.collect(),
            locked_until: account.locked_until,
            created_at: account.created_at,
            version: account.version,
            one_time_password,
        }
    }
}

impl AccountSettings {
    fn grants(&self) -> Result<Vec<Grant>, Problem> {
        let grant = |(index, grant): (usize, &GrantDocument)| {
            Ok(Grant {
                role: word_at(&grant.role, &format!("/grants/{index}/role"), Role::parse)?,
                unit: grant.unit.as_deref().map(|unit| id_at(unit, &format!("/grants/{index}/unit"))).transpose()?,
            })
        };
        self.grants.iter().enumerate().map(grant).collect()
    }
}

/// Whether the author administers everything that the grants reach; an account without grants is everybody's who
/// administers the whole network.
fn covers(who: &Who, conn: &mut Connection, grants: &[Grant]) -> DbResult<bool> {
    if grants.is_empty() {
        return Ok(who.may(Right::Administer, None));
    }
    for grant in grants {
        let path = match &grant.unit {
            Some(unit) => placement::of_unit(conn, unit)?,
            None => None,
        };
        if !who.may(Right::Administer, path.as_deref()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The account, if the author administers all of it.
fn account_for(who: &Who, conn: &mut Connection, id: &AccountId) -> DbResult<Account> {
    let account = accounts::get(conn, id)?;
    if covers(who, conn, &account.grants)? {
        Ok(account)
    } else {
        Err(DbError::NotFound { kind: "account", id: id.to_string() })
    }
}

/// Refuses grants beyond what the author administers, and persons who do not exist there.
fn check_reach(who: &Who, conn: &mut Connection, account: &Account) -> DbResult<()> {
    let outside = |detail: &str| DbError::Conflict {
        kind: "account",
        reason: ConflictKind::MissingReference,
        detail: detail.to_owned(),
    };
    let covered = covers(who, conn, &account.grants).map_err(|error| match error {
        DbError::NotFound { .. } => outside("a grant names a unit that does not exist"),
        other => other,
    })?;
    if !covered {
        return Err(outside("a grant reaches beyond what you administer, or there is none"));
    }
    if let Some(person) = &account.person {
        let path = placement::of_person(conn, person).map_err(|_| outside("there is no such person"))?;
        if !who.may(Right::Administer, path.as_deref()) {
            return Err(outside("there is no such person"));
        }
        people::get(conn, person)?;
    }
    Ok(())
}

list_query! {
    AccountQuery fills AccountFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

/// Lists the accounts that have a role in what the author administers, by id.
#[utoipa::path(tag = "accounts", params(AccountQuery), responses(
    (status = 200, description = "One page", body = Page<AccountDocument>), ListErrors,
))]
#[get("/accounts")]
pub async fn list_accounts(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<AccountQuery>,
) -> Result<web::Json<Page<AccountDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| accounts::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(|account| AccountDocument::new(account, None)).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// A one-time password and its hash, made on a thread for blocking work.
async fn one_time() -> Result<(String, String), Problem> {
    let made = web::block(|| {
        let password = password::one_time()?;
        let hashed = password::hash(&password)?;
        Ok::<_, String>((password, hashed))
    });
    made.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Adds an account; the answer carries its one-time password, once.
#[utoipa::path(tag = "accounts", request_body = AccountSettings, responses(
    (status = 201, description = "Created", body = AccountDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    CreateErrors,
))]
#[post("/accounts")]
pub async fn create_account(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<AccountSettings>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let grants = body.0.grants()?;
    let person = body.0.person.as_deref().map(|person| id_at(person, "/person")).transpose()?;
    let (password, password_hash) = one_time().await?;
    let account = Account {
        id: AccountId::fresh(now, &*state.entropy),
        name: body.0.name,
        password_hash,
        must_change_password: true,
        person,
        disabled: body.0.disabled,
        failed_sign_ins: 0,
        locked_until: None,
        created_at: now,
        grants,
        version: 1,
    };
    let author = who.clone();
    let stored = state
        .change(&who, move |tx| {
            check_reach(&author, tx, &account)?;
            accounts::insert(tx, &account)?;
            let document = AccountDocument::new(account.clone(), None);
            tx.did("create", ("account", account.id.as_str()), None, None, Some(&document));
            Ok(account)
        })
        .await?;
    let id = stored.id.to_string();
    Ok(created(&request, &id, 1, &AccountDocument::new(stored, Some(password))))
}

/// Answers one account.
#[utoipa::path(tag = "accounts", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = AccountDocument,
        headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/accounts/{id}")]
pub async fn get_account(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: AccountId = path_id(&id)?;
    let account = state.read(move |conn| account_for(&who, conn, &id)).await?;
    let version = account.version;
    Ok(found(&request, version, &AccountDocument::new(account, None)))
}

/// Replaces an account's name, person and roles, or disables it; its sessions end when it is disabled.
#[utoipa::path(tag = "accounts", request_body = AccountSettings, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses(
    (status = 200, description = "Replaced", body = AccountDocument,
        headers(("ETag" = String, description = "The new version"))),
    ReplaceErrors,
))]
#[put("/accounts/{id}")]
pub async fn replace_account(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<AccountSettings>,
) -> Result<HttpResponse, Problem> {
    let id: AccountId = path_id(&id)?;
    let grants = body.0.grants()?;
    let person = body.0.person.as_deref().map(|person| id_at(person, "/person")).transpose()?;
    let author = who.clone();
    let stored = state
        .change(&who, move |tx| {
            let before = account_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            let AccountSettings { name, disabled, .. } = body.0;
            let account = Account { name, person, disabled, grants, version, ..before.clone() };
            check_reach(&author, tx, &account)?;
            accounts::update(tx, &account)?;
            if account.disabled {
                sessions::delete_others(tx, &id, None)?;
            }
            let after = accounts::get(tx, &id)?;
            let documents = (AccountDocument::new(before, None), AccountDocument::new(after.clone(), None));
            tx.did("update", ("account", id.as_str()), None, Some(&documents.0), Some(&documents.1));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(stored.version)).json(AccountDocument::new(stored, None)))
}

/// Deletes an account with its sessions and keys.
#[utoipa::path(tag = "accounts", params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
), responses((status = 204, description = "Deleted"), DeleteErrors))]
#[delete("/accounts/{id}")]
pub async fn delete_account(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id: AccountId = path_id(&id)?;
    let author = who.clone();
    state
        .change(&who, move |tx| {
            let before = account_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            accounts::delete(tx, &id, version)?;
            tx.did("delete", ("account", id.as_str()), None, Some(&AccountDocument::new(before, None)), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an account a new one-time password, takes its lock off and ends its sessions.
#[utoipa::path(tag = "accounts", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "With the one-time password, once", body = AccountDocument,
        headers(("ETag" = String, description = "The new version"))),
    GetErrors,
))]
#[post("/accounts/{id}/password")]
pub async fn reset_password(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: AccountId = path_id(&id)?;
    let (password, password_hash) = one_time().await?;
    let author = who.clone();
    let stored = state
        .change(&who, move |tx| {
            let before = account_for(&author, tx, &id)?;
            let account =
                Account { password_hash, must_change_password: true, failed_sign_ins: 0, locked_until: None, ..before };
            accounts::update(tx, &account)?;
            sessions::delete_others(tx, &id, None)?;
            tx.because("resetPassword", ("account", id.as_str()), None, None);
            accounts::get(tx, &id)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(stored.version)).json(AccountDocument::new(stored, Some(password))))
}
