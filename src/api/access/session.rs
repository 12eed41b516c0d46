//! Signing in and out.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::guard::{OwnSession, SESSION_COOKIE};
use crate::accounts::{SignInError, sign_in};
use crate::api::extract::Json;
use crate::api::openapi::{SessionErrors, SignInErrors, SignedInErrors};
use crate::api::problem::{Code, Problem};
use crate::api::state::AppState;
use crate::db::{accounts, sessions};
use crate::domain::{Account, PlacedGrant, Right, Who, local};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create_session).service(get_session).service(delete_session);
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "admin", "password": "ABCD-EFGH-JKLM-NPQR"}))]
pub struct Credentials {
    /// Name of the account.
    name: String,
    /// Password.
    password: String,
}

/// A role in a subtree.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Grant, example = json!({"role": "coordinator", "unit": "220102001000"}))]
pub struct GrantDocument {
    /// `administrator`, `manager`, `coordinator`, `member`, `deputy`, `informationOfficer` or `reader`.
    pub role: String,
    /// Code of the root of the subtree; null for the whole network.
    pub unit: Option<String>,
}

impl GrantDocument {
    pub(super) fn of(placed: &PlacedGrant) -> Self {
        Self { role: placed.grant.role.to_string(), unit: placed.grant.unit.as_ref().map(ToString::to_string) }
    }
}

/// A right that the roles give, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HeldRight, example = json!({"right": "edit", "units": ["220102001000"]}))]
pub struct HeldRightDocument {
    /// `see`, `inspect`, `edit`, `plan`, `publish`, `rules`, `register`, `follow`, `handle`, `receive`, `unmask` or
    /// `administer`.
    right: &'static str,
    /// Codes of the roots of the subtrees that it holds in; null for the whole network.
    units: Option<Vec<String>>,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session, example = json!({
    "account": "ac-1", "name": "lin", "person": "p-1", "grants": [{"role": "coordinator", "unit": "220102001000"}],
    "rights": [{"right": "see", "units": ["220102001000"]}, {"right": "edit", "units": ["220102001000"]}],
    "csrfToken": "vK3…", "mustChangePassword": false, "open": false
}))]
pub struct SessionDocument {
    /// Id of the account; null without signing in.
    account: Option<String>,
    /// Name.
    name: String,
    /// Id of the person whose account it is.
    person: Option<String>,
    /// Roles.
    grants: Vec<GrantDocument>,
    /// What the roles let one do, and where; a key gives no more than its scopes let through.
    rights: Vec<HeldRightDocument>,
    /// To be sent as `X-CSRF-Token` with every POST, PUT and DELETE of the session; null for keys.
    csrf_token: Option<String>,
    /// Only the password can be changed until it has been.
    must_change_password: bool,
    /// The server runs without signing in, for this machine only.
    open: bool,
}

fn document(who: &Who, account: Option<&Account>, csrf_token: Option<String>) -> SessionDocument {
    SessionDocument {
        account: who.account.as_ref().map(ToString::to_string),
        name: account.map_or_else(|| who.actor.clone(), |account| account.name.clone()),
        person: who.person.as_ref().map(ToString::to_string),
        grants: who.grants.iter().map(GrantDocument::of).collect(),
        rights: held_rights(who),
        csrf_token,
        must_change_password: account.is_some_and(|account| account.must_change_password),
        open: who.account.is_none(),
    }
}

fn held_rights(who: &Who) -> Vec<HeldRightDocument> {
    let held = Right::ALL.iter().map(|right| (right, who.roots(*right))).filter(|(_, roots)| !roots.is_empty());
    held.map(|(right, roots)| HeldRightDocument {
        right: right.as_str(),
        units: roots.into_iter().map(|unit| unit.map(ToString::to_string)).collect(),
    })
    .collect()
}

fn cookie(state: &AppState, token: String) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.doors.https)
        .finish()
}

/// Signs in: answers who it is and sets the session's cookie.
#[utoipa::path(tag = "accounts", request_body = Credentials, responses(
    (status = 200, description = "Signed in", body = SessionDocument,
        headers(("Set-Cookie" = String, description = "The session, HttpOnly and SameSite=Strict"))),
    SignInErrors,
))]
#[post("/session")]
pub async fn create_session(
    request: HttpRequest,
    state: web::Data<AppState>,
    body: Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    if let Some(peer) = request.peer_addr()
        && let Err(seconds) = state.doors.try_to_sign_in(peer.ip())
    {
        return Err(Problem::new(Code::TooManyAttempts)
            .detail(format!("请 {seconds} 秒后再试"), format!("try again in {seconds} seconds"))
            .retry_after(seconds));
    }
    let (db, now) = (state.db.clone(), state.clock.now());
    let signed_in = web::block(move || sign_in(&db, &body.0.name, &body.0.password, now));
    let signed_in = signed_in.await.map_err(Problem::internal)?.map_err(|error| match error {
        SignInError::Wrong => Problem::new(Code::WrongCredentials),
        SignInError::Locked(until) => Problem::new(Code::TooManyAttempts)
            .detail(
                format!("密码连续输错，账号锁定至 {}", local(until).format("%H:%M")),
                format!("too many wrong passwords: the account is locked until {}", local(until).format("%H:%M")),
            )
            .retry_after(u64::try_from((until - now).num_seconds()).unwrap_or_default() + 1),
        SignInError::Failed(error) => Problem::from(error),
    })?;
    let account = signed_in.account;
    let id = account.id.clone();
    let grants = state.read(move |conn| accounts::placed_grants(conn, &id)).await?;
    let who = Who {
        account: Some(account.id.clone()),
        actor: account.name.clone(),
        person: account.person.clone(),
        grants,
        scopes: None,
        asked: None,
    };
    let document = document(&who, Some(&account), Some(signed_in.session.csrf_token));
    Ok(HttpResponse::Ok().cookie(cookie(&state, signed_in.token)).json(document))
}

/// Answers who is signed in, with roles and the CSRF token.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "Signed in", body = SessionDocument), SignedInErrors,
))]
#[get("/session")]
pub async fn get_session(
    state: web::Data<AppState>,
    who: Who,
    session: OwnSession,
) -> Result<web::Json<SessionDocument>, Problem> {
    let account = match who.account.clone() {
        Some(id) => Some(state.read(move |conn| accounts::get(conn, &id)).await?),
        None => None,
    };
    Ok(web::Json(document(&who, account.as_ref(), session.0.map(|session| session.csrf_token))))
}

/// Signs out.
#[utoipa::path(tag = "accounts", responses((status = 204, description = "Signed out"), SessionErrors))]
#[delete("/session")]
pub async fn delete_session(state: web::Data<AppState>, session: OwnSession) -> Result<HttpResponse, Problem> {
    if let Some(session) = session.0 {
        state.write(move |tx| sessions::delete(tx, &session.id)).await?;
    }
    let mut gone = cookie(&state, String::new());
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}
