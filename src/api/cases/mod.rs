//! Residents' cases: intake in one call, lists, one case with its history, and what may be the same matter.

pub mod categories;
pub mod documents;
pub mod moves;
pub mod reports;

use std::collections::HashMap;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use self::documents::{CaseDocument, CaseEventDocument, IntakeAnswer, NewCase, SuggestionDocument};
use super::actor::Actor;
use super::etag::etag;
use super::extract::Json;
use super::openapi::{GetErrors, IntakeErrors, ListErrors};
use super::paging::Page;
use super::problem::Problem;
use super::resources::{FromQuery, found, page_of, path_id, query_problem};
use super::schedules::{idempotency_key, mismatch};
use super::state::AppState;
use crate::cases::{duplicates, intake};
use crate::db::cases::{self, CaseFilter, CaseSort};
use crate::db::{Connection, DbError, DbResult, case_events, idempotency, units};
use crate::domain::{Case, CaseId, UnitId, local_date};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    categories::configure(config);
    config
        .service(list_cases)
        .service(create_case)
        .service(get_case)
        .service(get_case_timeline)
        .service(list_case_duplicates)
        .service(reports::get_case_report);
    moves::configure(config);
}

/// What documents of cases show beside the case: whether a unit is above, today, and who reads.
pub(super) struct Reader {
    pub(super) actor: Actor,
    pub(super) today: chrono::NaiveDate,
    roots: HashMap<UnitId, bool>,
}

impl Reader {
    pub(super) fn new(actor: Actor, state: &AppState) -> Self {
        Self { actor, today: local_date(state.clock.now()), roots: HashMap::new() }
    }

    /// The case as the reader may see it.
    ///
    /// # Errors
    /// Those of the connection.
    pub(super) fn document(&mut self, conn: &mut Connection, case: Case) -> DbResult<CaseDocument> {
        let has_parent = match self.roots.get(&case.unit) {
            Some(known) => *known,
            None => {
                let has_parent = units::get(conn, &case.unit)?.parent.is_some();
                self.roots.insert(case.unit.clone(), has_parent);
                has_parent
            }
        };
        Ok(CaseDocument::new(case, self.actor.person.as_ref(), self.today, has_parent))
    }
}

/// Filters of the list, and which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    /// Only cases that units of this unit's subtree answer for.
    unit: Option<String>,
    /// Only this status.
    status: Option<String>,
    /// `true` for open cases only, `false` for closed ones.
    open: Option<String>,
    /// Only this channel.
    channel: Option<String>,
    /// Only this category.
    category: Option<String>,
    /// Only this handler's.
    handler: Option<String>,
    /// Only of this reception.
    reception: Option<String>,
    /// Only with a deadline before this day.
    due_before: Option<String>,
    /// `true` for open cases past their deadline only.
    overdue: Option<String>,
    /// Only cases that have gone up so many steps.
    level: Option<String>,
    /// Only the case with this number.
    number: Option<String>,
    /// `deadline` (the default) or `received`.
    sort: Option<String>,
    /// Most items, 1 to 500 (50 unless given).
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

impl CaseQuery {
    fn filter(self, today: chrono::NaiveDate) -> Result<(CaseFilter, crate::db::Page), Problem> {
        fn read<T: FromQuery>(text: Option<String>, parameter: &str) -> Result<Option<T>, Problem> {
            text.map(|text| T::from_query(text, parameter)).transpose()
        }
        let page = page_of(self.limit, self.cursor.as_deref())?;
        let sort = match self.sort.as_deref() {
            None | Some("deadline") => CaseSort::Deadline,
            Some("received") => CaseSort::Received,
            Some(other) => {
                return Err(query_problem("sort", &format!("{other:?} is no order"), "give deadline or received"));
            }
        };
        let filter = CaseFilter {
            subtree: read(self.unit, "unit")?,
            status: read(self.status, "status")?,
            open: read(self.open, "open")?,
            channel: read(self.channel, "channel")?,
            category: read(self.category, "category")?,
            handler: read(self.handler, "handler")?,
            reception: read(self.reception, "reception")?,
            due_before: read(self.due_before, "dueBefore")?,
            overdue_on: read::<bool>(self.overdue, "overdue")?.filter(|only| *only).map(|_| today),
            level: read(self.level, "level")?,
            number: self.number,
            sort,
        };
        Ok((filter, page))
    }
}

/// Lists cases by deadline, or in the order in which they came in.
#[utoipa::path(tag = "cases", params(CaseQuery), responses(
    (status = 200, description = "One page", body = Page<CaseDocument>), ListErrors,
))]
#[get("/cases")]
pub async fn list_cases(
    request: HttpRequest,
    state: web::Data<AppState>,
    actor: Actor,
    query: web::Query<CaseQuery>,
) -> Result<web::Json<Page<CaseDocument>>, Problem> {
    let mut reader = Reader::new(actor, &state);
    let (filter, page) = query.into_inner().filter(reader.today)?;
    let (items, next) = state
        .read(move |conn| {
            let slice = cases::list(conn, &filter, &page)?;
            let items: DbResult<Vec<_>> = slice.items.into_iter().map(|case| reader.document(conn, case)).collect();
            Ok((items?, slice.next))
        })
        .await?;
    Ok(web::Json(Page::new(&request, items, next.as_deref())))
}

/// Name of the operation in the table of idempotency keys.
const CREATE: &str = "create_case";

/// Registers a case in one call, whatever its channel, and suggests earlier cases that may be the same matter.
#[utoipa::path(tag = "cases", request_body = NewCase, params(
    ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same body gives the same case"),
), responses(
    (status = 201, description = "Registered", body = IntakeAnswer, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    IntakeErrors,
))]
#[post("/cases")]
pub async fn create_case(
    request: HttpRequest,
    state: web::Data<AppState>,
    actor: Actor,
    body: Json<NewCase>,
) -> Result<HttpResponse, Problem> {
    let key = idempotency_key(&request)?;
    let fingerprint = fingerprint(&body.0);
    let wanted = body.0.into_intake()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let mut reader = Reader::new(actor, &state);
    let actor = reader.actor.name.clone();
    let case = state
        .write_together(move |tx| {
            let before = match &key {
                Some(key) => idempotency::find(tx, CREATE, key, &fingerprint)?,
                None => None,
            };
            if let Some(id) = before {
                let id = CaseId::parse(&id).map_err(|fault| DbError::Internal(fault.to_string()))?;
                return cases::get(tx, &id);
            }
            let case = intake::receive(tx, wanted, &actor, now, &*entropy)?;
            if let Some(key) = &key {
                idempotency::insert(tx, CREATE, key, &fingerprint, case.id.as_str(), now)?;
            }
            Ok(case)
        })
        .await
        .map_err(mismatch)?;
    // The case is safe; what follows only reads, and keeps no other writer waiting.
    let answer = state
        .read(move |conn| {
            let suggestions = duplicates::suggest(conn, &case)?;
            Ok(IntakeAnswer {
                case: reader.document(conn, case)?,
                duplicates: suggestions.into_iter().map(SuggestionDocument::from).collect(),
            })
        })
        .await?;
    let location = format!("{}/{}", request.path(), answer.case.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(etag(answer.case.version))
        .json(answer))
}

/// What tells one request from another under the same `Idempotency-Key`.
fn fingerprint(body: &NewCase) -> String {
    let digest = Sha256::digest(format!("{body:?}").as_bytes());
    digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Answers one case; the resident's contact is masked for everybody but its handler while it is open.
#[utoipa::path(tag = "cases", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = CaseDocument, headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/cases/{id}")]
pub async fn get_case(
    request: HttpRequest,
    state: web::Data<AppState>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CaseId = path_id(&id)?;
    let mut reader = Reader::new(actor, &state);
    let document = state
        .read(move |conn| {
            let case = cases::get(conn, &id)?;
            reader.document(conn, case)
        })
        .await?;
    Ok(found(&request, document.version, &document))
}

/// Answers the history of a case: who did what, when and why, the first line first.
#[utoipa::path(tag = "cases", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Every move", body = Vec<CaseEventDocument>), GetErrors,
))]
#[get("/cases/{id}/timeline")]
pub async fn get_case_timeline(
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<web::Json<Vec<CaseEventDocument>>, Problem> {
    let id: CaseId = path_id(&id)?;
    let events = state
        .read(move |conn| {
            cases::get(conn, &id)?;
            case_events::of_case(conn, &id)
        })
        .await?;
    Ok(web::Json(events.into_iter().map(CaseEventDocument::from).collect()))
}

/// Suggests earlier cases that may be the same matter: same place, same category, close in time.
#[utoipa::path(tag = "cases", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "The likeliest first", body = Vec<SuggestionDocument>), GetErrors,
))]
#[get("/cases/{id}/duplicates")]
pub async fn list_case_duplicates(
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<web::Json<Vec<SuggestionDocument>>, Problem> {
    let id: CaseId = path_id(&id)?;
    let suggestions = state
        .read(move |conn| {
            let case = cases::get(conn, &id)?;
            duplicates::suggest(conn, &case)
        })
        .await?;
    Ok(web::Json(suggestions.into_iter().map(SuggestionDocument::from).collect()))
}
