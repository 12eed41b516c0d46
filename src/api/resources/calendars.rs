//! The statutory calendar, year by year: which days are off, and which weekends are worked.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::document::{JsonField, value_document};
use super::query::page_sorted;
use super::{created, expected, found, same_id};
use crate::api::access::guard::allow;
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{CreateErrors, DeleteErrors, GetErrors, ListErrors, ReplaceErrors};
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::state::AppState;
use crate::db::calendar;
use crate::domain::{CalendarYear, Who};

value_document! {
    /// A day that differs from its weekday, or has a name.
    CalendarDayDocument as CalendarDay = CalendarDay
    {
        /// Date.
        date: NaiveDate,
        /// A day off; false for a make-up workday.
        is_off: bool,
        /// Name of the holiday.
        name: Option<String>,
        /// Where this is announced.
        source: Option<String>,
    }
}

/// The calendar of a year; days that are not listed follow their weekday.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Calendar, example = json!({
    "year": 2026, "published": true, "source": "国务院办公厅", "version": 1,
    "days": [{"date": "2026-01-01", "isOff": true, "name": "元旦", "source": null}]
}))]
pub struct CalendarDocument {
    /// Year.
    year: i32,
    /// Announced by the State Council; a week that reaches into an unpublished year is refused.
    published: bool,
    /// Where it is announced.
    source: Option<String>,
    /// Days.
    days: Vec<CalendarDayDocument>,
    /// Counts the edits, as in the `ETag`; never read.
    #[schema(read_only)]
    version: Option<i64>,
}

impl CalendarDocument {
    fn into_calendar(self) -> Result<CalendarYear, Problem> {
        let days = JsonField::from_json(self.days, "/days")?;
        Ok(CalendarYear { year: self.year, published: self.published, source: self.source, days, version: 1 })
    }

    fn from_calendar(calendar: CalendarYear) -> Self {
        Self {
            year: calendar.year,
            published: calendar.published,
            source: calendar.source,
            days: calendar.days.to_json(),
            version: Some(calendar.version),
        }
    }
}

/// Which page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// Order: `year` (unless given), or `-year` for the reverse.
    sort: Option<String>,
    /// Most items, 1 to 500 (50 unless given).
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_calendars)
        .service(create_calendar)
        .service(get_calendar)
        .service(replace_calendar)
        .service(delete_calendar);
}

fn year_of(text: &str) -> Result<i32, Problem> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

/// Lists calendars by year.
#[utoipa::path(tag = "demand", params(CalendarQuery), responses(
    (status = 200, description = "One page", body = Page<CalendarDocument>), ListErrors,
))]
#[get("/calendars")]
pub async fn list_calendars(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<CalendarQuery>,
) -> Result<web::Json<Page<CalendarDocument>>, Problem> {
    let page = page_sorted(query.limit, query.cursor.as_deref(), query.sort.as_deref(), "year")?;
    let slice = state.read(move |conn| calendar::list(conn, &page)).await?;
    let items = slice.items.into_iter().map(CalendarDocument::from_calendar).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Adds the calendar of a year.
#[utoipa::path(tag = "demand", request_body = CalendarDocument, responses(
    (status = 201, description = "Created", body = CalendarDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    CreateErrors,
))]
#[post("/calendars")]
pub async fn create_calendar(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<CalendarDocument>,
) -> Result<HttpResponse, Problem> {
    let calendar = body.0.into_calendar()?;
    let author = who.clone();
    let document = state
        .change(&who, move |tx| {
            let year = calendar.year.to_string();
            allow(&author, None, "calendar", &year)?;
            calendar::insert(tx, &calendar)?;
            let document = CalendarDocument::from_calendar(calendar::get(tx, calendar.year)?);
            tx.did("create", ("calendar", &year), None, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(created(&request, &document.year.to_string(), 1, &document))
}

/// Answers the calendar of a year.
#[utoipa::path(tag = "demand", params(("id" = String, Path, description = "Year")), responses(
    (status = 200, description = "Found", body = CalendarDocument,
        headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/calendars/{id}")]
pub async fn get_calendar(
    request: HttpRequest,
    state: web::Data<AppState>,
    year: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let year = year_of(&year)?;
    let calendar = state.read(move |conn| calendar::get(conn, year)).await?;
    Ok(found(&request, calendar.version, &CalendarDocument::from_calendar(calendar)))
}

/// Replaces the calendar of a year with all its days.
#[utoipa::path(tag = "demand", request_body = CalendarDocument, params(
    ("id" = String, Path, description = "Year"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses(
    (status = 200, description = "Replaced", body = CalendarDocument,
        headers(("ETag" = String, description = "The new version"))),
    ReplaceErrors,
))]
#[put("/calendars/{id}")]
pub async fn replace_calendar(
    state: web::Data<AppState>,
    who: Who,
    year: web::Path<String>,
    if_match: IfMatch,
    body: Json<CalendarDocument>,
) -> Result<HttpResponse, Problem> {
    same_id(Some(&body.0.year.to_string()), &year)?;
    let mut calendar = body.0.into_calendar()?;
    let author = who.clone();
    let (version, document) = state
        .change(&who, move |tx| {
            let year = calendar.year.to_string();
            allow(&author, None, "calendar", &year)?;
            let before = calendar::get(tx, calendar.year)?;
            calendar.version = expected(&if_match, tx, |_| Ok(before.version))?;
            calendar::update(tx, &calendar)?;
            let after = calendar::get(tx, calendar.year)?;
            let version = after.version;
            let before = CalendarDocument::from_calendar(before);
            let after = CalendarDocument::from_calendar(after);
            tx.did("update", ("calendar", &year), None, Some(&before), Some(&after));
            Ok((version, after))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(version)).json(document))
}

/// Deletes the calendar of a year.
#[utoipa::path(tag = "demand", params(
    ("id" = String, Path, description = "Year"),
    ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
), responses((status = 204, description = "Deleted"), DeleteErrors))]
#[delete("/calendars/{id}")]
pub async fn delete_calendar(
    state: web::Data<AppState>,
    who: Who,
    year: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let year = year_of(&year)?;
    let author = who.clone();
    state
        .change(&who, move |tx| {
            let id = year.to_string();
            allow(&author, None, "calendar", &id)?;
            let before = calendar::get(tx, year)?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            calendar::delete(tx, year, version)?;
            tx.did("delete", ("calendar", &id), None, Some(&CalendarDocument::from_calendar(before)), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
