//! The middleware that finds out who asks and whether the route's right is theirs at all. Whether it holds for what the
//! route is about, its handler decides: outside the author's subtrees, things do not exist.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, web};

use super::Writer;
use super::rights::{CHANGES, Need, need};
use crate::accounts::{Identified, by_key, by_session};
use crate::api::problem::{Code, Problem};
use crate::api::router::KnownPaths;
use crate::api::state::AppState;
use crate::db::placement::{self, Placed};
use crate::db::{Connection, DbError, DbResult, api_keys, resources, sessions};
use crate::domain::{ResourceId, Right, Session, TextId as _, UnitId, Who};

/// Cookie that holds the session's token.
pub const SESSION_COOKIE: &str = "paiban_session";
/// Header that unsafe requests of a session carry.
pub const CSRF_HEADER: &str = "x-csrf-token";

impl FromRequest for Who {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or_else(|| Problem::new(Code::NotSignedIn)))
    }
}

/// The session that a request came with; none for keys and in open mode.
#[derive(Debug, Clone)]
pub struct OwnSession(pub Option<Session>);

impl FromRequest for OwnSession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or(Self(None))))
    }
}

/// Wraps every request.
///
/// # Errors
/// `not-signed-in`, `forbidden`, `csrf-failed`, `foreign-origin`, `password-change-required`, `too-many-writes`.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let pattern = request.match_pattern();
    let asked = pattern.as_deref().and_then(|pattern| need(request.method().as_str(), pattern));
    match asked {
        Some(Need::Public) => {}
        Some(asked) => admit(&request, asked, pattern.as_deref().unwrap_or_default()).await?,
        None => {
            let known = request.app_data::<web::Data<KnownPaths>>();
            if known.is_some_and(|known| known.has(request.method().as_str(), request.path())) {
                return Err(Problem::internal("the route is not in the table of rights").into());
            }
        }
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

async fn admit(request: &ServiceRequest, asked: Need, pattern: &str) -> Result<(), Problem> {
    let Some(state) = request.app_data::<web::Data<AppState>>().cloned() else {
        return Err(Problem::internal("the state is missing"));
    };
    let mut who = if state.doors.open {
        from_this_machine(request)?;
        Who::open()
    } else {
        let (who, session) = identify(request, &state, pattern).await?;
        request.extensions_mut().insert(OwnSession(session));
        who
    };
    if !is_safe(request.method()) {
        check_pace(request, &state, &who)?;
    }
    if let Need::Right(right) = asked {
        if !who.holds(right) {
            return Err(Problem::new(Code::Forbidden)
                .detail(format!("需要 {right} 权限"), format!("this needs the right `{right}`")));
        }
        who.asked = Some(right);
    }
    request.extensions_mut().insert(who);
    Ok(())
}

/// One account that runs wild, or one address where nobody signs in, must not keep everybody else from writing.
fn check_pace(request: &ServiceRequest, state: &AppState, who: &Who) -> Result<(), Problem> {
    let writer = match (&who.account, request.peer_addr()) {
        (Some(account), _) => Writer::Account(account.clone()),
        (None, Some(peer)) => Writer::Address(peer.ip()),
        (None, None) => return Ok(()),
    };
    state.doors.write(&writer).map_err(|seconds| {
        Problem::new(Code::TooManyWrites)
            .detail(
                format!("请 {seconds} 秒后再试；确需更快的，由管理员调高 --writes-per-minute"),
                format!("try again in {seconds} seconds; whoever runs the server can raise --writes-per-minute"),
            )
            .retry_after(seconds)
    })
}

/// Routes that somebody with a one-time password may use.
const BEFORE_THE_CHANGE: [&str; 2] = ["/api/v1/session", "/api/v1/me/password"];

async fn identify(
    request: &ServiceRequest,
    state: &AppState,
    pattern: &str,
) -> Result<(Who, Option<Session>), Problem> {
    let now = state.clock.now();
    let bearer = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|text| text.strip_prefix("Bearer ")).map(str::to_owned);
    let found = if let Some(key) = bearer {
        let found = state.read(move |conn| by_key(conn, &key, now)).await?;
        if let Some((identified, id)) = &found
            && identified.is_stale
        {
            let id = id.clone();
            state.write(move |tx| api_keys::touch(tx, &id, now)).await?;
        }
        found.map(|(identified, _)| identified)
    } else if let Some(cookie) = request.cookie(SESSION_COOKIE) {
        let token = cookie.value().to_owned();
        let found = state.read(move |conn| by_session(conn, &token, now)).await?;
        // A page that lies open and listens is no use of the session: it would never end.
        let stale = found.as_ref().filter(|found| found.is_stale && pattern != CHANGES);
        if let Some(session) = stale.and_then(|found| found.session.clone()) {
            state.write(move |tx| sessions::touch(tx, &session.id, now)).await?;
        }
        found
    } else {
        None
    };
    let Some(Identified { who, session, must_change_password, .. }) = found else {
        return Err(Problem::new(Code::NotSignedIn).detail(
            "登录，或带上有效的 API 密钥",
            "sign in at /api/v1/session, or send a valid API key as bearer token",
        ));
    };
    if let Some(session) = &session
        && !is_safe(request.method())
    {
        let sent = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        if sent != Some(session.csrf_token.as_str()) {
            return Err(Problem::new(Code::CsrfFailed)
                .detail("带上登录时得到的 X-CSRF-Token", "send the csrfToken of /api/v1/session as X-CSRF-Token"));
        }
    }
    if must_change_password && !BEFORE_THE_CHANGE.contains(&pattern) {
        return Err(Problem::new(Code::PasswordChangeRequired)
            .detail("用 /api/v1/me/password 修改", "change it at /api/v1/me/password"));
    }
    Ok((who, session))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// In open mode everybody on this machine is administrator, and a web page that somebody looks at must not become
/// everybody: the address that was asked for, and the page that asks, have to be this machine's.
fn from_this_machine(request: &ServiceRequest) -> Result<(), Problem> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).is_none_or(is_loopback_host);
    let origin =
        text(ORIGIN).is_none_or(|origin| origin.split_once("://").is_some_and(|(_, host)| is_loopback_host(host)));
    if host && origin {
        return Ok(());
    }
    Err(Problem::new(Code::ForeignOrigin).detail(
        "免登录模式只接受本机页面的请求",
        "without signing in, only pages of this machine (localhost, 127.0.0.1, [::1]) are answered",
    ))
}

fn is_loopback_host(host: &str) -> bool {
    let name = if host.starts_with('[') {
        host.split_once(']').map_or(host, |(name, _)| name.trim_start_matches('['))
    } else {
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The path of what a route is about, if the author's right holds there: outside it does not exist, and what belongs to
/// the whole network is not theirs to change.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Forbidden`].
pub fn allow(who: &Who, path: Option<String>, kind: &'static str, id: &str) -> DbResult<Option<String>> {
    if who.may_here(path.as_deref()) {
        return Ok(path);
    }
    match path {
        Some(_) => Err(DbError::NotFound { kind, id: id.to_owned() }),
        None => Err(DbError::Forbidden("it belongs to the whole network, and so must the role that changes it")),
    }
}

/// As [`allow`], for an entity.
///
/// # Errors
/// As [`allow`].
pub fn allow_entity<T: Placed>(
    who: &Who,
    conn: &mut Connection,
    entity: &T,
    kind: &'static str,
    id: &str,
) -> DbResult<Option<String>> {
    let path = entity.path(conn)?;
    let is_reading = matches!(who.asked, Some(Right::See | Right::Inspect));
    if is_reading && !who.may_here(path.as_deref()) && entity.is_shown_to(conn, &who.visible())? {
        return Ok(path);
    }
    allow(who, path, kind, id)
}

/// As [`allow_entity`], for an entity that is being made: what it refers to outside does not exist.
///
/// # Errors
/// [`DbError::Conflict`], [`DbError::Forbidden`].
pub fn allow_new<T: Placed>(
    who: &Who,
    conn: &mut Connection,
    entity: &T,
    kind: &'static str,
    id: &str,
) -> DbResult<Option<String>> {
    allow_entity(who, conn, entity, kind, id).map_err(as_reference)
}

/// What a body names and does not exist, or not for the author, is a wrong reference, not a wrong path.
#[must_use]
pub fn as_reference(error: DbError) -> DbError {
    match error {
        DbError::NotFound { kind, .. } => DbError::Conflict {
            kind,
            reason: crate::db::ConflictKind::MissingReference,
            detail: "it refers to something that does not exist; create that first or correct the id".to_owned(),
        },
        other => other,
    }
}

/// The path of a unit that a body names, if the author's right holds there.
///
/// # Errors
/// [`DbError::Conflict`]: outside the author's subtrees there is no such unit.
pub fn allow_unit(who: &Who, conn: &mut Connection, unit: &UnitId) -> DbResult<Option<String>> {
    let path = placement::of_unit(conn, unit).map_err(as_reference)?;
    allow(who, path, "unit", unit.as_str()).map_err(as_reference)
}

/// Refuses a resource that the author does not see, and so cannot use.
///
/// # Errors
/// [`DbError::Conflict`]: there is no such resource.
pub fn allow_use(who: &Who, conn: &mut Connection, id: &ResourceId) -> DbResult<()> {
    let resource = resources::get(conn, id).map_err(as_reference)?;
    if resource.is_shown_to(conn, &who.visible())? {
        return Ok(());
    }
    Err(as_reference(DbError::NotFound { kind: ResourceId::KIND, id: id.as_str().to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example:80", "10.0.0.1", "[fe80::1]:80", "", "null"] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
