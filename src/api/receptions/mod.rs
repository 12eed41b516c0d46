//! Receptions: planning, announcing, changing them, the public notice, and who may know and record what.

pub mod documents;
pub mod matters;
pub mod quotas;
pub mod visits;

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::documents::{DeputyFitDocument, FitAnswer, ReceptionDocument, ReceptionInput};
use super::access::guard::{allow_entity, allow_new};
use super::access::trail::Tell as _;
use super::etag::{IfMatch, etag};
use super::extract::Json;
use super::openapi::{BookErrors, GetErrors, ListErrors, MoveErrors};
use super::paging::Page;
use super::print::page;
use super::problem::Problem;
use super::resources::document::JsonField as _;
use super::resources::query::list_query;
use super::resources::{expected, id_at, path_id};
use super::sharing::GiveUp;
use super::state::AppState;
use crate::db::receptions::{self, Insider, ReceptionFilter};
use crate::db::{Connection, DbError, DbResult, Tx, people, placement, reception_matters, resources, stations};
use crate::domain::{PersonId, Reception, ReceptionId, ReceptionStatus, Right, Who, local_date};
use crate::reception::announce::{announce, cancel, change, plan, replace_deputy, warnings};
use crate::reception::fit::fit;
use crate::reception::notice::{self, NoticeNames, notice_body};
use crate::sharing::booking::Author;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_receptions)
        .service(create_reception)
        .service(get_reception)
        .service(replace_reception)
        .service(announce_reception)
        .service(cancel_reception)
        .service(replace_reception_deputy)
        .service(get_reception_notice)
        .service(get_reception_fit);
    matters::configure(config);
    visits::configure(config);
    quotas::configure(config);
    quotas::configure_progress(config);
}

list_query! {
    ReceptionQuery fills ReceptionFilter {
        /// Only at stations in this unit's subtree.
        unit => subtree,
        /// Only at this station.
        station => station,
        /// Only of this deputy.
        deputy => deputy,
        /// Only this status: `planned`, `announced`, `held` or `cancelled`.
        status => status,
        /// Only this date or later.
        from => from,
        /// Only this date or earlier.
        to => to,
    }
}

/// The reception with its windows and, for insiders, what has come up.
///
/// # Errors
/// Those of the connection.
pub(super) fn document(
    conn: &mut Connection,
    who: &Who,
    reception: Reception,
    today: chrono::NaiveDate,
) -> DbResult<ReceptionDocument> {
    let matters = reception_matters::of_reception(conn, &reception.id)?;
    let warnings = if is_insider(who, conn, &reception)? { warnings(conn, &reception, today)? } else { Vec::new() };
    Ok(ReceptionDocument::new(reception, &matters, warnings))
}

/// Whether somebody holds the reception.
fn is_own(who: &Who, reception: &Reception) -> bool {
    who.is_one_of(reception.deputies.iter().chain(&reception.host))
}

/// Whether somebody may know what the public may not: before the announcement, and who cannot come.
fn is_insider(who: &Who, conn: &mut Connection, reception: &Reception) -> DbResult<bool> {
    let path = placement::of_station(conn, &reception.station)?;
    Ok(is_own(who, reception) || who.may(Right::Inspect, path.as_deref()))
}

fn missing(id: &ReceptionId) -> DbError {
    DbError::NotFound { kind: "reception", id: id.as_str().to_owned() }
}

/// The reception, if its reader may see it.
///
/// # Errors
/// [`DbError::NotFound`] elsewhere, and before the announcement for all but insiders.
fn reception_for(who: &Who, conn: &mut Connection, id: &ReceptionId) -> DbResult<Reception> {
    let reception = receptions::get(conn, id)?;
    allow_entity(who, conn, &reception, "reception", id.as_str())?;
    if reception.status == ReceptionStatus::Planned && !is_insider(who, conn, &reception)? {
        return Err(missing(id));
    }
    Ok(reception)
}

/// The reception with its path, for those who hold a right over it themselves, or who hold the reception and the route's
/// right.
///
/// # Errors
/// [`DbError::NotFound`] for others.
fn reception_of(
    who: &Who,
    right: Right,
    conn: &mut Connection,
    id: &ReceptionId,
) -> DbResult<(Reception, Option<String>)> {
    let reception = receptions::get(conn, id)?;
    let path = placement::of_station(conn, &reception.station)?;
    if is_own(who, &reception) || who.may_here(path.as_deref()) && who.may(right, path.as_deref()) {
        return Ok((reception, path));
    }
    Err(missing(id))
}

/// Lists receptions by date, time and id.
#[utoipa::path(tag = "receptions", params(ReceptionQuery), responses(
    (status = 200, description = "One page", body = Page<ReceptionDocument>), ListErrors,
))]
#[get("/receptions")]
pub async fn list_receptions(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ReceptionQuery>,
) -> Result<web::Json<Page<ReceptionDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let insider = Insider { visible: who.visible_by(Right::Inspect), person: who.person.clone() };
    let today = local_date(state.clock.now());
    let (items, next) = state
        .read(move |conn| {
            let slice = receptions::list_for(conn, &filter, &insider, &page)?;
            let items: DbResult<Vec<_>> =
                slice.items.into_iter().map(|reception| document(conn, &who, reception, today)).collect();
            Ok((items?, slice.next))
        })
        .await?;
    Ok(web::Json(Page::new(&request, items, next.as_deref())))
}

/// Adds a reception that nobody knows of yet; one on a day off moves to the next working day and says so.
#[utoipa::path(tag = "receptions", request_body = ReceptionInput, responses(
    (status = 201, description = "Planned", body = ReceptionDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    BookErrors,
))]
#[post("/receptions")]
pub async fn create_reception(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<ReceptionInput>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let today = local_date(now);
    let reception = body.0.into_reception(ReceptionId::fresh(now, &*state.entropy), 1)?;
    let author = who.clone();
    let made = state
        .change(&who, move |tx| {
            let reception = plan(tx, reception, today)?;
            let path = allow_new(&author, tx, &reception, "reception", reception.id.as_str())?;
            let document = document(tx, &author, reception, today)?;
            tx.did("create", ("reception", &document.id), path, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(super::resources::created(&request, &made.id, made.version, &made))
}

/// Answers one reception with its free windows and what has come up since the announcement.
#[utoipa::path(tag = "receptions", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = ReceptionDocument,
        headers(("ETag" = String, description = "Its version"))),
    GetErrors,
))]
#[get("/receptions/{id}")]
pub async fn get_reception(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let today = local_date(state.clock.now());
    let found = state
        .read(move |conn| {
            let reception = reception_for(&who, conn, &id)?;
            document(conn, &who, reception, today)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(found.version)).json(found))
}

/// Does something to the version of a reception that the client has read, and answers the reception.
async fn moved(
    state: web::Data<AppState>,
    who: Who,
    action: &'static str,
    id: &str,
    if_match: IfMatch,
    work: impl FnOnce(&mut Tx<'_>, &Who, &ReceptionId, i64) -> DbResult<Reception> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let id: ReceptionId = path_id(id)?;
    let today = local_date(state.clock.now());
    let author = who.clone();
    let made = state
        .change(&who, move |tx| {
            let stored = receptions::get(tx, &id)?;
            allow_entity(&author, tx, &stored, "reception", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let before = document(tx, &author, stored, today)?;
            let reception = work(tx, &author, &id, version)?;
            let path = allow_new(&author, tx, &reception, "reception", id.as_str())?;
            let after = document(tx, &author, reception, today)?;
            tx.did(action, ("reception", id.as_str()), path, Some(&before), Some(&after));
            Ok(after)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(made.version)).json(made))
}

/// Replaces a reception that is not yet announced.
#[utoipa::path(tag = "receptions", request_body = ReceptionInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses((status = 200, description = "Replaced", body = ReceptionDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[put("/receptions/{id}")]
pub async fn replace_reception(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<ReceptionInput>,
) -> Result<HttpResponse, Problem> {
    let reception = body.0.into_reception(path_id(&id)?, 0)?;
    let today = local_date(state.clock.now());
    moved(state, who, "update", &id, if_match, move |tx, _, _, version| {
        change(tx, Reception { version, ..reception }, today)
    })
    .await
}

/// Makes a reception public at least three days ahead; books its venue, and residents can book windows.
#[utoipa::path(tag = "receptions", params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is announced", example = "\"1\""),
), responses((status = 200, description = "Announced", body = ReceptionDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/receptions/{id}/announce")]
pub async fn announce_reception(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    moved(state, who, "announce", &id, if_match, move |tx, author, id, version| {
        announce(tx, id, version, Author { actor: &author.actor, now, entropy: &*entropy })
    })
    .await
}

/// Cancels a reception; its venue is free again, and booked matters stay on record as cancelled.
#[utoipa::path(tag = "receptions", request_body = GiveUp, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is cancelled", example = "\"1\""),
), responses((status = 200, description = "Cancelled", body = ReceptionDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/receptions/{id}/cancel")]
pub async fn cancel_reception(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<GiveUp>,
) -> Result<HttpResponse, Problem> {
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    moved(state, who, "cancel", &id, if_match, move |tx, author, id, version| {
        cancel(tx, id, version, &body.0.reason, Author { actor: &author.actor, now, entropy: &*entropy })
    })
    .await
}

/// Who comes instead of whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"deputy": "d-1", "by": "d-2"}))]
pub struct DeputyReplacement {
    /// Id of the deputy who cannot come.
    deputy: String,
    /// Id of the deputy who comes instead.
    by: String,
}

/// Puts another deputy in the place of one, also after the announcement.
#[utoipa::path(tag = "receptions", request_body = DeputyReplacement, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is changed", example = "\"1\""),
), responses((status = 200, description = "Replaced", body = ReceptionDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/receptions/{id}/replace-deputy")]
pub async fn replace_reception_deputy(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<DeputyReplacement>,
) -> Result<HttpResponse, Problem> {
    let (out, into): (PersonId, PersonId) = (id_at(&body.0.deputy, "/deputy")?, id_at(&body.0.by, "/by")?);
    moved(state, who, "replace-deputy", &id, if_match, move |tx, _, id, version| {
        replace_deputy(tx, id, version, [&out, &into])
    })
    .await
}

/// Answers the public notice as a page to print.
#[utoipa::path(tag = "receptions", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "The page", body = String, content_type = "text/html",
        example = json!("<!DOCTYPE html><html lang=\"zh-CN\">…</html>")),
    GetErrors,
))]
#[get("/receptions/{id}/notice")]
pub async fn get_reception_notice(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let (body, title) = state
        .read(move |conn| {
            let reception = reception_for(&who, conn, &id)?;
            let venue = reception.venue.as_ref().map(|venue| resources::get(conn, venue)).transpose()?;
            let deputies = reception.deputies.iter().map(|deputy| people::get(conn, deputy).map(|person| person.name));
            let names = NoticeNames {
                deputies: deputies.collect::<DbResult<_>>()?,
                venue: venue.map(|venue| venue.name),
                station: stations::get(conn, &reception.station)?.name,
            };
            Ok((notice_body(&reception, &names), reception.title))
        })
        .await?;
    Ok(page(&title, notice::STYLE, &body))
}

/// Lists deputies of the street, those who fit best first: by the domains of booked matters, then by what they owe.
#[utoipa::path(tag = "receptions", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "The best first", body = FitAnswer), GetErrors,
))]
#[get("/receptions/{id}/fit")]
pub async fn get_reception_fit(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<FitAnswer>, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let answer = state
        .read(move |conn| {
            let reception = reception_for(&who, conn, &id)?;
            let (matters, fits) = fit(conn, &reception)?;
            let deputies = fits
                .into_iter()
                .map(|fit| DeputyFitDocument {
                    person: fit.person.id.to_json(),
                    name: fit.person.name,
                    matched: fit.matched,
                    owed: fit.owed,
                    is_named: fit.is_named,
                })
                .collect();
            Ok(FitAnswer { matters_with_domain: matters, deputies })
        })
        .await?;
    Ok(web::Json(answer))
}
