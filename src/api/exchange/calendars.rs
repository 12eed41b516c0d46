//! Importing the statutory calendar: JSON as this project ships it or as widespread lists have it, and iCalendar.

use std::collections::BTreeMap;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::access::guard::allow;
use crate::api::access::trail::Tell as _;
use crate::api::extract::parse;
use crate::api::openapi::ImportErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::FromQuery;
use crate::api::state::AppState;
use crate::db::{DbError, calendar};
use crate::domain::{CalendarDay, CalendarYear, Who};
use crate::exchange::ics::holidays;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(import_calendars);
}

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalendarImportQuery {
    /// `false` stores the years as drafts, which weeks are not planned by (`true` unless given).
    published: Option<String>,
    /// Where this is announced; kept with the years.
    source: Option<String>,
}

/// One year that was imported.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"year": 2027, "published": true, "source": null, "offDays": 30, "workdays": 6}))]
pub struct ImportedYear {
    year: i32,
    published: bool,
    source: Option<String>,
    /// Days off that are listed.
    off_days: usize,
    /// Make-up working days that are listed.
    workdays: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DayInput {
    date: NaiveDate,
    #[serde(alias = "off", alias = "isOff")]
    is_off_day: bool,
    name: Option<String>,
}

#[derive(Deserialize)]
struct YearInput {
    year: Option<i32>,
    source: Option<String>,
    days: Vec<DayInput>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    Years { years: Vec<YearInput> },
    Year(YearInput),
}

fn of_json(bytes: &[u8]) -> Result<Vec<YearInput>, Problem> {
    Ok(match parse::<Input>(bytes)? {
        Input::Years { years } => years,
        Input::Year(year) => vec![year],
    })
}

fn of_ics(bytes: &[u8]) -> Result<Vec<YearInput>, Problem> {
    let unreadable =
        |cause: String| Problem::new(Code::UnreadableFile).detail(format!("不是可用的日历文件（{cause}）"), cause);
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    let days = holidays(text).map_err(unreadable)?;
    let input =
        |day: crate::exchange::ics::Holiday| DayInput { date: day.date, is_off_day: day.is_off, name: Some(day.name) };
    Ok(vec![YearInput { year: None, source: None, days: days.into_iter().map(input).collect() }])
}

/// Imports statutory calendars from JSON (`{"years": [...]}`, or one `{"year", "days": [{"date", "isOffDay", "name"}]}`)
/// or iCalendar; each year named replaces what is stored of it.
#[utoipa::path(tag = "demand", params(CalendarImportQuery),
    request_body(content = String, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, description = "Imported", body = Vec<ImportedYear>), ImportErrors))]
#[post("/calendar-imports")]
pub async fn import_calendars(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CalendarImportQuery>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let published = query.published.map(|text| bool::from_query(text, "published")).transpose()?.unwrap_or(true);
    let is_ics = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/calendar"))
        || body.starts_with(b"BEGIN:VCALENDAR");
    let inputs = if is_ics { of_ics(&body)? } else { of_json(&body)? };
    let mut years: BTreeMap<i32, CalendarYear> = BTreeMap::new();
    for input in inputs {
        let source = query.source.clone().or(input.source);
        // A list of one year may name days of the end of the one before: they belong there.
        for day in input.days {
            let year = day.date.year();
            let entry = years.entry(year).or_insert_with(|| CalendarYear {
                year,
                published,
                source: source.clone(),
                days: Vec::new(),
                version: 1,
            });
            entry.days.push(CalendarDay { date: day.date, is_off: day.is_off_day, name: day.name, source: None });
        }
        if let Some(year) = input.year {
            years.entry(year).or_insert(CalendarYear { year, published, source, days: Vec::new(), version: 1 });
        }
    }
    let author = who.clone();
    let imported = state
        .change(&who, move |tx| {
            let mut imported = Vec::new();
            allow(&author, None, "calendar", "")?;
            for mut year in years.into_values() {
                year.days.sort_by_key(|day| day.date);
                let id = year.year.to_string();
                match calendar::get(tx, year.year) {
                    Ok(stored) => {
                        year.version = stored.version;
                        calendar::update(tx, &year)?;
                    }
                    Err(DbError::NotFound { .. }) => calendar::insert(tx, &year)?,
                    Err(error) => return Err(error),
                }
                let off_days = year.days.iter().filter(|day| day.is_off).count();
                let document = ImportedYear {
                    year: year.year,
                    published,
                    source: year.source,
                    off_days,
                    workdays: year.days.len() - off_days,
                };
                tx.did("import", ("calendar", &id), None, None, Some(&document));
                imported.push(document);
            }
            if imported.is_empty() {
                tx.unchanged();
            }
            Ok(imported)
        })
        .await?;
    Ok(HttpResponse::Ok().json(imported))
}
