//! Loans of resources to units for stated periods.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};

use crate::api::access::guard::{allow_entity, allow_new};
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{BookErrors, DeleteErrors, GetErrors, ListErrors, MoveErrors};
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::resources::document::entity_document;
use crate::api::resources::query::list_query;
use crate::api::resources::{EntityDocument as _, created, expected, found, id_at, page_answer, path_id, same_id};
use crate::api::state::AppState;
use crate::db::resource_loans::{self, LoanFilter};
use crate::domain::{LoanId, Who};
use crate::sharing::lending;

entity_document! {
    /// A loan of a resource.
    LoanDocument as ResourceLoan = ResourceLoan, LoanId fresh;
    example {
        "id": "lo-1", "resource": "rs-1", "unit": "220102001002", "fromDate": "2026-12-01", "toDate": "2026-12-31",
        "quantity": 1, "version": 1
    }
    {
        /// Id of the resource.
        resource: String,
        /// Code of the unit that borrows it.
        unit: String,
        /// First day.
        from_date: chrono::NaiveDate,
        /// Last day.
        to_date: chrono::NaiveDate,
        /// How much of it.
        quantity: u32,
    }
}

list_query! {
    LoanQuery fills LoanFilter {
        /// Only of this resource.
        resource => resource,
        /// Only to this unit.
        unit => unit,
        /// Only those that cover this date.
        on => on,
    }
}

/// Adds the handlers to the router.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list_loans).service(create_loan).service(get_loan).service(replace_loan).service(delete_loan);
}

/// Lists loans by id.
#[utoipa::path(tag = "sharing", params(LoanQuery), responses(
    (status = 200, description = "One page", body = Page<LoanDocument>), ListErrors,
))]
#[get("/resource-loans")]
pub async fn list_loans(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<LoanQuery>,
) -> Result<web::Json<Page<LoanDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| resource_loans::list(conn, &filter, &page)).await?;
    Ok(page_answer(&request, slice))
}

/// Lends a resource; loans that overlap beyond its quantity are refused.
#[utoipa::path(tag = "sharing", request_body = LoanDocument, responses(
    (status = 201, description = "Lent", body = LoanDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    BookErrors,
))]
#[post("/resource-loans")]
pub async fn create_loan(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<LoanDocument>,
) -> Result<HttpResponse, Problem> {
    let id: LoanId = match body.0.id() {
        Some(id) => id_at(id, "/id")?,
        None => LoanId::fresh(state.clock.now(), &*state.entropy),
    };
    let loan = body.0.into_entity(id, 1)?;
    let author = who.clone();
    let id = loan.id.as_str().to_owned();
    let document = state
        .change(&who, move |tx| {
            lending::lend(tx, &loan)?;
            let stored = resource_loans::get(tx, &loan.id)?;
            let path = allow_new(&author, tx, &stored, "loan", loan.id.as_str())?;
            let document = LoanDocument::from_entity(stored);
            tx.did("create", ("loan", loan.id.as_str()), path, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(created(&request, &id, 1, &document))
}

/// Answers one loan.
#[utoipa::path(tag = "sharing", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = LoanDocument, headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/resource-loans/{id}")]
pub async fn get_loan(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: LoanId = path_id(&id)?;
    let loan = state
        .read(move |conn| {
            let loan = resource_loans::get(conn, &id)?;
            allow_entity(&who, conn, &loan, "loan", id.as_str())?;
            Ok(loan)
        })
        .await?;
    let version = loan.version;
    Ok(found(&request, version, &LoanDocument::from_entity(loan)))
}

/// Replaces a loan; one that would overlap others beyond the quantity is refused.
#[utoipa::path(tag = "sharing", request_body = LoanDocument, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses((status = 200, description = "Replaced", body = LoanDocument,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[put("/resource-loans/{id}")]
pub async fn replace_loan(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<LoanDocument>,
) -> Result<HttpResponse, Problem> {
    same_id(body.0.id(), &id)?;
    let id: LoanId = path_id(&id)?;
    let mut loan = body.0.into_entity(id, 0)?;
    let author = who.clone();
    let (version, document) = state
        .change(&who, move |tx| {
            let before = resource_loans::get(tx, &loan.id)?;
            allow_entity(&author, tx, &before, "loan", loan.id.as_str())?;
            loan.version = expected(&if_match, tx, |_| Ok(before.version))?;
            lending::change(tx, &loan)?;
            let after = resource_loans::get(tx, &loan.id)?;
            let path = allow_new(&author, tx, &after, "loan", loan.id.as_str())?;
            let version = after.version;
            let (before, after) = (LoanDocument::from_entity(before), LoanDocument::from_entity(after));
            tx.did("update", ("loan", loan.id.as_str()), path, Some(&before), Some(&after));
            Ok((version, after))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(version)).json(document))
}

/// Ends a loan as if it had not been.
#[utoipa::path(tag = "sharing", params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
), responses((status = 204, description = "Deleted"), DeleteErrors))]
#[delete("/resource-loans/{id}")]
pub async fn delete_loan(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id: LoanId = path_id(&id)?;
    let author = who.clone();
    state
        .change(&who, move |tx| {
            let before = resource_loans::get(tx, &id)?;
            let path = allow_entity(&author, tx, &before, "loan", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            resource_loans::delete(tx, &id, version)?;
            tx.did("delete", ("loan", id.as_str()), path, Some(&LoanDocument::from_entity(before)), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
