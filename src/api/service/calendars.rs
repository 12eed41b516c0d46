//! Calendar feeds: secret, revocable addresses of a person's or a station's duties.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::token;
use crate::api::access::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::openapi::{ListErrors, SecretErrors, ServiceErrors};
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::resources::query::list_query;
use crate::api::resources::{created, id_at, path_id};
use crate::api::state::AppState;
use crate::db::calendar_keys::{self, CalendarKeyFilter};
use crate::db::{DbError, DbResult, duties, people, placement, stations};
use crate::domain::{CalendarKey, CalendarKeyId, PersonId, Right, StationId, Who, local};
use crate::exchange::ics::{Event, feed};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_calendar_keys).service(create_calendar_key).service(revoke_calendar_key).service(get_feed);
}

/// What to subscribe to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "我的手机", "station": null}))]
pub struct NewCalendarKey {
    /// What it is for, in words.
    name: String,
    /// Id of a station; the author's own duties when null.
    station: Option<String>,
}

/// An address of a calendar.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CalendarKey, example = json!({
    "id": "ck-1", "name": "我的手机", "person": "p-1", "station": null, "createdAt": "2026-11-23T08:00:00Z",
    "revokedAt": null
}))]
pub struct CalendarKeyDocument {
    id: String,
    name: String,
    /// Id of the person whose duties it shows.
    person: Option<String>,
    /// Id of the station whose duties it shows.
    station: Option<String>,
    created_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    /// Path of the feed; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

impl CalendarKeyDocument {
    fn new(key: CalendarKey, path: Option<String>) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            person: key.person.map(|person| person.to_string()),
            station: key.station.map(|station| station.to_string()),
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            path,
        }
    }
}

/// Nothing narrows the list of one's own keys.
#[derive(Debug)]
pub struct NoFilter {}

list_query! {
    CalendarKeyQuery fills NoFilter {}
}

/// Keys belong to the account that made them; without signing in there are none.
fn own(who: &Who) -> Result<CalendarKeyFilter, Problem> {
    match &who.account {
        Some(account) => Ok(CalendarKeyFilter { account: Some(account.clone()), person: None }),
        None => Err(Problem::new(Code::Forbidden).detail("须先登录", "calendar keys belong to accounts: sign in")),
    }
}

/// Lists the author's calendar keys, by id; revoked ones too.
#[utoipa::path(tag = "me", params(CalendarKeyQuery), responses(
    (status = 200, description = "One page", body = Page<CalendarKeyDocument>), ListErrors,
))]
#[get("/me/calendar-keys")]
pub async fn list_calendar_keys(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CalendarKeyQuery>,
) -> Result<web::Json<Page<CalendarKeyDocument>>, Problem> {
    let (_, page) = query.into_inner().filter()?;
    let filter = own(&who)?;
    let slice = state.read(move |conn| calendar_keys::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(|key| CalendarKeyDocument::new(key, None)).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Makes a secret address under which calendars subscribe to the author's duties or those of a station.
#[utoipa::path(tag = "me", request_body = NewCalendarKey, responses(
    (status = 201, description = "Created", body = CalendarKeyDocument,
        headers(("Location" = String, description = "Where it is revoked"))),
    ServiceErrors,
))]
#[post("/me/calendar-keys")]
pub async fn create_calendar_key(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<NewCalendarKey>,
) -> Result<HttpResponse, Problem> {
    let account = own(&who)?.account;
    let station: Option<StationId> = body.0.station.as_deref().map(|id| id_at(id, "/station")).transpose()?;
    let person: Option<PersonId> = match &station {
        Some(_) => None,
        None => Some(super::acting_person(&who)?),
    };
    let secret = token::fresh().map_err(Problem::internal)?;
    let now = state.clock.now();
    let key = CalendarKey {
        id: CalendarKeyId::fresh(now, &*state.entropy),
        hash: token::hash(&secret),
        name: body.0.name,
        account,
        person,
        station,
        created_at: now,
        revoked_at: None,
        version: 1,
    };
    let author = who.clone();
    let key = state
        .change(&who, move |tx| {
            if let Some(station) = &key.station {
                let missing = || DbError::NotFound { kind: "station", id: station.to_string() };
                let place = placement::of_station(tx, station)?;
                if !author.may(Right::Inspect, place.as_deref()) {
                    return Err(missing());
                }
            }
            calendar_keys::insert(tx, &key)?;
            let document = CalendarKeyDocument::new(key.clone(), None);
            tx.did("create", ("calendar key", key.id.as_str()), None, None, Some(&document));
            Ok(key)
        })
        .await?;
    let id = key.id.to_string();
    Ok(created(&request, &id, 1, &CalendarKeyDocument::new(key, Some(format!("/api/v1/ical/{secret}.ics")))))
}

/// Revokes one of the author's calendar keys; its address stops working at once.
#[utoipa::path(tag = "me", params(("id" = String, Path, description = "Id")), responses(
    (status = 204, description = "Revoked"), ServiceErrors,
))]
#[delete("/me/calendar-keys/{id}")]
pub async fn revoke_calendar_key(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CalendarKeyId = path_id(&id)?;
    let account = own(&who).map_err(|_| Problem::new(Code::NotFound))?.account;
    let now = state.clock.now();
    state
        .change(&who, move |tx| {
            let key = calendar_keys::get(tx, &id)?;
            if key.account != account {
                return Err(DbError::NotFound { kind: "calendar key", id: id.to_string() });
            }
            if key.revoked_at.is_some() {
                tx.unchanged();
                return Ok(());
            }
            calendar_keys::update(tx, &CalendarKey { revoked_at: Some(now), ..key })?;
            tx.because("revoke", ("calendar key", id.as_str()), None, None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Weeks back that a feed shows, cancelled duties included.
const PAST_DAYS: u64 = 28;

/// Answers a calendar feed: duties in force, and those cancelled of the last four weeks marked as such. No telephone
/// numbers.
#[utoipa::path(tag = "service", params(("key" = String, Path, description = "Secret of the address")), responses(
    (status = 200, description = "iCalendar", body = String, content_type = "text/calendar",
        example = json!("BEGIN:VCALENDAR…")),
    SecretErrors,
))]
#[get("/ical/{key}.ics")]
pub async fn get_feed(state: web::Data<AppState>, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let hash = token::hash(&key);
    let now = state.clock.now();
    let from = local(now).date() - Days::new(PAST_DAYS);
    let text = state
        .read(move |conn| {
            let missing = || DbError::NotFound { kind: "calendar", id: "…".to_owned() };
            let key =
                calendar_keys::by_hash(conn, &hash)?.filter(|key| key.revoked_at.is_none()).ok_or_else(missing)?;
            let (title, found, is_station): (String, Vec<duties::NamedDuty>, bool) = match (&key.person, &key.station) {
                (Some(person), _) => ("我的值班".to_owned(), duties::feed_of_person(conn, person, from)?, false),
                (None, Some(station)) => {
                    let name = stations::get(conn, station)?.name;
                    (format!("{name}值班"), duties::feed_of_station(conn, station, from)?, true)
                }
                (None, None) => return Err(missing()),
            };
            let recent: Vec<duties::NamedDuty> =
                found.into_iter().filter(|(duty, _)| duty.in_force || local(duty.changed_at).date() >= from).collect();
            let names = if is_station {
                let ids: Vec<&PersonId> = recent.iter().map(|(duty, _)| &duty.person).collect();
                people::names(conn, &ids)?
            } else {
                std::collections::HashMap::new()
            };
            let events: Vec<Event<'_>> = recent
                .iter()
                .map(|(duty, place)| {
                    let who = names.get(duty.person.as_str());
                    let summary = who.map_or_else(|| format!("{place}值班"), |name| format!("{name} 值班"));
                    Event { duty, summary, place }
                })
                .collect();
            DbResult::Ok(feed(&title, &events))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("cache-control", "private, no-store"))
        .body(text))
}
