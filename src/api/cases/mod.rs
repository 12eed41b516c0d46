//! Residents' cases: intake in one call, lists, one case with its history, what may be the same matter, and whose
//! cases they are.

pub mod categories;
pub mod documents;
pub mod moves;
pub mod reports;

use std::collections::HashMap;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use self::documents::{CaseDocument, CaseEventDocument, IntakeAnswer, NewCase, SuggestionDocument};
use super::access::guard::{allow_entity, allow_unit};
use super::access::personal::Reason;
use super::access::trail::Tell as _;
use super::etag::etag;
use super::extract::Json;
use super::idempotency::{IdempotencyKey, mismatch};
use super::openapi::{GetErrors, IntakeErrors, ListErrors, SubCreateErrors};
use super::paging::Page;
use super::problem::Problem;
use super::resources::{FromQuery, found, page_of, path_id, query_problem};
use super::state::AppState;
use crate::cases::duplicates::{self, Suggestion};
use crate::cases::{intake, working_days};
use crate::db::cases::{self, CaseFilter, CaseSort};
use crate::db::{Connection, DbError, DbResult, case_events, receptions, units};
use crate::domain::{Case, CaseId, Right, UnitId, Who, local_date};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    categories::configure(config);
    config
        .service(list_cases)
        .service(create_case)
        .service(get_case)
        .service(get_case_timeline)
        .service(list_case_duplicates)
        .service(unmask_case)
        .service(reports::get_case_report)
        .service(reports::download_case_report);
    moves::configure(config);
}

/// What documents of cases show beside the case: whether a unit is above, today, and who reads.
pub(super) struct Reader {
    pub(super) who: Who,
    pub(super) today: chrono::NaiveDate,
    roots: HashMap<UnitId, bool>,
}

impl Reader {
    pub(super) fn new(who: Who, state: &AppState) -> Self {
        Self { who, today: local_date(state.clock.now()), roots: HashMap::new() }
    }

    /// The case as the reader may see it.
    ///
    /// # Errors
    /// Those of the connection.
    pub(super) fn document(&mut self, conn: &mut Connection, case: Case) -> DbResult<CaseDocument> {
        let has_parent = self.has_parent(conn, &case)?;
        Ok(CaseDocument::new(case, self.who.person.as_ref(), self.today, has_parent))
    }

    /// The case as everybody may see it, for the audit trail.
    ///
    /// # Errors
    /// Those of the connection.
    pub(super) fn masked(&mut self, conn: &mut Connection, case: Case) -> DbResult<CaseDocument> {
        let has_parent = self.has_parent(conn, &case)?;
        Ok(CaseDocument::new(case, None, self.today, has_parent))
    }

    fn has_parent(&mut self, conn: &mut Connection, case: &Case) -> DbResult<bool> {
        let has_parent = match self.roots.get(&case.unit) {
            Some(known) => *known,
            None => {
                let has_parent = units::get(conn, &case.unit)?.parent.is_some();
                self.roots.insert(case.unit.clone(), has_parent);
                has_parent
            }
        };
        Ok(has_parent)
    }
}

/// The case, if its reader may see it: where they inspect the unit that answers for it or that took it in, or if they
/// handle it, did before, or heard it as deputies.
///
/// # Errors
/// [`DbError::NotFound`] elsewhere.
pub(in crate::api) fn case_for(who: &Who, conn: &mut Connection, id: &CaseId) -> DbResult<Case> {
    let case = cases::get(conn, id)?;
    let mut sees = |unit: &UnitId| Ok::<_, DbError>(who.may(Right::Inspect, Some(&units::path(conn, unit)?)));
    let is_seen = sees(&case.unit)? || sees(&case.intake_unit)?;
    if is_seen || who.is_one_of(case.handler.iter().chain(&case.earlier_handler)) {
        return Ok(case);
    }
    if let (Some(reception), Some(_)) = (&case.reception, &who.person)
        && who.is_one_of(&receptions::get(conn, reception)?.deputies)
    {
        return Ok(case);
    }
    Err(DbError::NotFound { kind: "case", id: id.as_str().to_owned() })
}

/// The case with the path of its unit, if its reader may move it: where the route's right is theirs as editors, or as
/// its handler.
///
/// # Errors
/// [`DbError::NotFound`] when they do not even see it, [`DbError::Forbidden`] when they only see it.
pub(super) fn case_to_move(who: &Who, conn: &mut Connection, id: &CaseId) -> DbResult<(Case, Option<String>)> {
    let case = case_for(who, conn, id)?;
    let path = units::path(conn, &case.unit)?;
    let is_own = who.asked == Some(Right::Handle) && who.is_one_of(&case.handler);
    // A reader of cases who holds the right elsewhere moves none here.
    if is_own || who.may(Right::Edit, Some(&path)) && who.may_here(Some(&path)) {
        return Ok((case, Some(path)));
    }
    Err(DbError::Forbidden("the case is another unit's to move, or another handler's"))
}

/// What may be the same matter, as far as the reader sees the units where it came in.
fn suggestions(who: &Who, conn: &mut Connection, case: &Case) -> DbResult<Vec<SuggestionDocument>> {
    let is_own = |suggestion: &Suggestion| suggestion.case.intake_unit == case.intake_unit;
    let mut seen = Vec::new();
    for suggestion in duplicates::suggest(conn, case)? {
        if is_own(&suggestion) || who.may_here(Some(&units::path(conn, &suggestion.case.intake_unit)?)) {
            seen.push(SuggestionDocument::from(suggestion));
        }
    }
    Ok(seen)
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
            reader: None,
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
    who: Who,
    query: web::Query<CaseQuery>,
) -> Result<web::Json<Page<CaseDocument>>, Problem> {
    let mut reader = Reader::new(who, &state);
    let (mut filter, mut page) = query.into_inner().filter(reader.today)?;
    page.visible = reader.who.visible_by(Right::Inspect);
    filter.reader.clone_from(&reader.who.person);
    let (items, next) = state
        .read(move |conn| {
            let slice = cases::list(conn, &filter, &page)?;
            let items: DbResult<Vec<_>> = slice.items.into_iter().map(|case| reader.document(conn, case)).collect();
            Ok((items?, slice.next))
        })
        .await?;
    Ok(web::Json(Page::new(&request, items, next.as_deref())))
}

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
    who: Who,
    key: IdempotencyKey,
    body: Json<NewCase>,
) -> Result<HttpResponse, Problem> {
    let once = key.of("create_case", &(&who.account, &body.0));
    let wanted = body.0.into_intake()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let mut reader = Reader::new(who.clone(), &state);
    let mut author = Reader::new(who.clone(), &state);
    let days = state.read(move |conn| working_days(conn, local_date(now))).await?;
    let case = state
        .change_together(&who, move |tx| {
            if let Some(id) = once.before(tx)? {
                tx.unchanged();
                let id = CaseId::parse(&id).map_err(|fault| DbError::Internal(fault.to_string()))?;
                return cases::get(tx, &id);
            }
            let path = allow_unit(&author.who, tx, &wanted.unit)?;
            let case = intake::receive_within(tx, wanted, &days, &author.who.actor, now, &*entropy)?;
            once.keep(tx, case.id.as_str(), now)?;
            let document = author.masked(tx, case.clone())?;
            tx.did("create", ("case", &document.id), path, None, Some(&document));
            Ok(case)
        })
        .await
        .map_err(mismatch)?;
    // The case is safe; what follows only reads, and keeps no other writer waiting.
    let answer = state
        .read(move |conn| {
            let duplicates = suggestions(&reader.who, conn, &case)?;
            Ok(IntakeAnswer { case: reader.document(conn, case)?, duplicates })
        })
        .await?;
    let location = format!("{}/{}", request.path(), answer.case.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(etag(answer.case.version))
        .json(answer))
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
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CaseId = path_id(&id)?;
    let mut reader = Reader::new(who, &state);
    let document = state
        .read(move |conn| {
            let case = case_for(&reader.who, conn, &id)?;
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
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<Vec<CaseEventDocument>>, Problem> {
    let id: CaseId = path_id(&id)?;
    let events = state
        .read(move |conn| {
            case_for(&who, conn, &id)?;
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
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<Vec<SuggestionDocument>>, Problem> {
    let id: CaseId = path_id(&id)?;
    let found = state
        .read(move |conn| {
            let case = case_for(&who, conn, &id)?;
            let inspector = Who { asked: Some(Right::Inspect), ..who };
            suggestions(&inspector, conn, &case)
        })
        .await?;
    Ok(web::Json(found))
}

/// How to reach a resident, unmasked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"case": "ca-1", "name": "张桂英", "phone": "13800005678"}))]
pub struct UnmaskedResident {
    /// Id of the case.
    case: String,
    /// Name.
    name: Option<String>,
    /// Telephone number.
    phone: Option<String>,
}

/// Answers how to reach the resident of a case, for a reason that the audit trail keeps: to call back, for example.
#[utoipa::path(tag = "cases", params(("id" = String, Path, description = "Id")), request_body = Reason,
    responses((status = 200, description = "Unmasked", body = UnmaskedResident), SubCreateErrors))]
#[post("/cases/{id}/unmask")]
pub async fn unmask_case(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<Reason>,
) -> Result<web::Json<UnmaskedResident>, Problem> {
    let id: CaseId = path_id(&id)?;
    let reason = body.0.given()?;
    let author = who.clone();
    let case = state
        .change(&who, move |tx| {
            let case = cases::get(tx, &id)?;
            let path = allow_entity(&author, tx, &case, "case", id.as_str())?;
            tx.because("unmask", ("case", id.as_str()), path, Some(reason));
            Ok(case)
        })
        .await?;
    let (name, phone) = case.contact.map_or((None, None), |contact| (contact.name, contact.phone));
    Ok(web::Json(UnmaskedResident { case: case.id.to_string(), name, phone }))
}
