//! The ledger of hours, and the record of service that is printed and can be verified.

use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{acting_person, own_person};
use crate::accounts::token;
use crate::api::access::guard::allow;
use crate::api::access::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::lang::Text;
use crate::api::openapi::{SecretErrors, SelfErrors, ServiceErrors, SubListErrors};
use crate::api::print::{TABLES, page};
use crate::api::problem::{Code, Problem};
use crate::api::resources::{FromQuery, path_id, query_problem};
use crate::api::state::AppState;
use crate::db::{DbError, duties, people, placement};
use crate::domain::{DutyRecord, PersonId, ServiceRecord, Who, local};
use crate::html::escape;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get_my_hours)
        .service(get_hours_of_person)
        .service(issue_service_record)
        .service(verify_service_record)
        .service(print_service_record);
}

/// Which stretch of time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HoursQuery {
    /// First day; the first of this year unless given.
    from: Option<String>,
    /// Last day; today unless given, and at most 3 years after the first.
    to: Option<String>,
}

/// One week of a ledger.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoursWeek {
    /// Its Monday.
    week_start: NaiveDate,
    /// Duties of the roster.
    planned_duties: u32,
    /// Their minutes.
    planned_minutes: i64,
    /// Duties with check-in and check-out.
    served_duties: u32,
    /// Their minutes within the planned time.
    served_minutes: i64,
}

/// A ledger of hours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "person": "p-1", "from": "2026-01-01", "to": "2026-12-31", "plannedMinutes": 360, "servedDuties": 1,
    "servedMinutes": 178, "weeks": [{"weekStart": "2026-11-30", "plannedDuties": 2, "plannedMinutes": 360,
    "servedDuties": 1, "servedMinutes": 178}]
}))]
pub struct Hours {
    person: String,
    from: NaiveDate,
    to: NaiveDate,
    planned_minutes: i64,
    served_duties: u32,
    served_minutes: i64,
    /// Weeks with duties.
    weeks: Vec<HoursWeek>,
}

fn sum(person: &PersonId, from: NaiveDate, to: NaiveDate, records: &[DutyRecord]) -> Hours {
    let mut weeks: Vec<HoursWeek> = Vec::new();
    for record in records.iter().filter(|record| record.in_force) {
        let week_start = record.date - Days::new(u64::from(record.date.weekday().num_days_from_monday()));
        if weeks.last().is_none_or(|week| week.week_start != week_start) {
            weeks.push(HoursWeek {
                week_start,
                planned_duties: 0,
                planned_minutes: 0,
                served_duties: 0,
                served_minutes: 0,
            });
        }
        let Some(week) = weeks.last_mut() else { continue };
        let served = record.served_minutes();
        week.planned_duties += 1;
        week.planned_minutes += record.planned_minutes();
        week.served_duties += u32::from(served > 0);
        week.served_minutes += served;
    }
    Hours {
        person: person.to_string(),
        from,
        to,
        planned_minutes: weeks.iter().map(|week| week.planned_minutes).sum(),
        served_duties: weeks.iter().map(|week| week.served_duties).sum(),
        served_minutes: weeks.iter().map(|week| week.served_minutes).sum(),
        weeks,
    }
}

fn stretch(query: HoursQuery, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Problem> {
    let day = |text: Option<String>, name| text.map(|text| NaiveDate::from_query(text, name)).transpose();
    let from = day(query.from, "from")?.unwrap_or(today - Days::new(u64::from(today.ordinal0())));
    let to = day(query.to, "to")?.unwrap_or(today);
    if (0..=1096).contains(&(to - from).num_days()) {
        return Ok((from, to));
    }
    Err(query_problem("to", "it lies before `from` or more than 3 years after", "ask for at most 3 years"))
}

/// Answers the author's hours, week by week.
#[utoipa::path(tag = "me", params(HoursQuery), responses((status = 200, description = "Hours", body = Hours), SelfErrors))]
#[get("/me/hours")]
pub async fn get_my_hours(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<HoursQuery>,
) -> Result<web::Json<Hours>, Problem> {
    let person = own_person(&who)?;
    let (from, to) = stretch(query.into_inner(), local(state.clock.now()).date())?;
    let own = person.clone();
    let records = state.read(move |conn| duties::of_people(conn, &[own], from, to)).await?;
    Ok(web::Json(sum(&person, from, to, &records)))
}

/// Answers a person's hours, week by week.
#[utoipa::path(tag = "service", params(("id" = String, Path, description = "Id of the person"), HoursQuery), responses(
    (status = 200, description = "Hours", body = Hours), SubListErrors,
))]
#[get("/people/{id}/hours")]
pub async fn get_hours_of_person(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<HoursQuery>,
) -> Result<web::Json<Hours>, Problem> {
    let person: PersonId = path_id(&id)?;
    let (from, to) = stretch(query.into_inner(), local(state.clock.now()).date())?;
    let asked = person.clone();
    let records = state
        .read(move |conn| {
            let path = placement::of_person(conn, &asked)?;
            allow(&who, path, "person", asked.as_str())?;
            duties::of_people(conn, &[asked], from, to)
        })
        .await?;
    Ok(web::Json(sum(&person, from, to, &records)))
}

/// For which time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"from": "2026-01-01", "to": "2026-12-31"}))]
pub struct NewServiceRecord {
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
}

/// A record of service as anybody sees it who has its code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceRecord, example = json!({
    "code": "K7QM-2XRD-9HTB-W4VN", "name": "单**", "from": "2026-01-01", "to": "2026-12-31", "duties": 12,
    "minutes": 2160, "issuedAt": "2026-12-31T08:00:00Z"
}))]
pub struct ServiceRecordDocument {
    /// Verification code.
    code: String,
    /// The person's name; all but its first character masked, except for the person.
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    /// Duties served.
    duties: u32,
    /// Minutes served.
    minutes: i64,
    issued_at: DateTime<Utc>,
}

impl ServiceRecordDocument {
    fn new(record: ServiceRecord, name: String) -> Self {
        Self {
            code: record.code,
            name,
            from: record.from_date,
            to: record.to_date,
            duties: record.duties,
            minutes: record.minutes,
            issued_at: record.issued_at,
        }
    }
}

/// 16 letters and digits that cannot be mistaken for each other.
fn fresh_code() -> Result<String, Problem> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes = token::random::<16>().map_err(Problem::internal)?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('A', |letter| char::from(*letter));
    let letters: Vec<char> = bytes.iter().map(letter).collect();
    Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Issues a record of the author's service, with a code by which anybody can verify its print.
#[utoipa::path(tag = "me", request_body = NewServiceRecord, responses(
    (status = 201, description = "Issued", body = ServiceRecordDocument,
        headers(("Location" = String, description = "Where it is verified"))),
    ServiceErrors,
))]
#[post("/me/service-records")]
pub async fn issue_service_record(
    state: web::Data<AppState>,
    who: Who,
    body: Json<NewServiceRecord>,
) -> Result<HttpResponse, Problem> {
    let person = acting_person(&who)?;
    let NewServiceRecord { from, to } = body.0;
    if !(0..=1096).contains(&(to - from).num_days()) {
        return Err(Problem::new(Code::InvalidValue).at(
            "/to",
            Text::new("时间段不成立或超过三年", "it lies before `from` or more than 3 years after"),
            Text::new("给出三年以内的时间段", "give at most 3 years"),
        ));
    }
    let code = fresh_code()?;
    let now = state.clock.now();
    let document = state
        .change(&who, move |tx| {
            let records = duties::of_people(tx, std::slice::from_ref(&person), from, to)?;
            let hours = sum(&person, from, to, &records);
            let record = ServiceRecord {
                code,
                person: person.clone(),
                from_date: from,
                to_date: to,
                duties: hours.served_duties,
                minutes: hours.served_minutes,
                issued_at: now,
            };
            duties::issue(tx, &record)?;
            let name = people::get(tx, &person)?.name;
            let place = placement::of_person(tx, &person)?;
            tx.because("issue", ("service record", &record.code), place, None);
            Ok(ServiceRecordDocument::new(record, name))
        })
        .await?;
    let location = format!("/api/v1/service-records/{}", document.code);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(document))
}

async fn issued(state: &AppState, code: &str, who: Option<Who>) -> Result<ServiceRecordDocument, Problem> {
    let code = code.to_uppercase();
    state
        .read(move |conn| {
            let record = duties::issued(conn, &code)?;
            let name = people::get(conn, &record.person)?.name;
            match who {
                Some(who) if who.person.as_ref() == Some(&record.person) => {
                    Ok(ServiceRecordDocument::new(record, name))
                }
                Some(_) => Err(DbError::NotFound { kind: "service record", id: code }),
                None => {
                    let first: String = name.chars().take(1).collect();
                    Ok(ServiceRecordDocument::new(record, format!("{first}**")))
                }
            }
        })
        .await
}

/// Verifies a printed record of service: answers what was issued under its code, the name masked.
#[utoipa::path(tag = "service", params(("code" = String, Path, description = "Verification code")), responses(
    (status = 200, description = "Genuine", body = ServiceRecordDocument), SecretErrors,
))]
#[get("/service-records/{code}")]
pub async fn verify_service_record(
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<web::Json<ServiceRecordDocument>, Problem> {
    issued(&state, &code, None).await.map(web::Json)
}

/// Answers one of the author's records of service as a page to print.
#[utoipa::path(tag = "me", params(("code" = String, Path, description = "Verification code")), responses(
    (status = 200, description = "Page", body = String, content_type = "text/html", example = json!("<!doctype html>…")),
    SubListErrors,
))]
#[get("/me/service-records/{code}")]
pub async fn print_service_record(
    state: web::Data<AppState>,
    who: Who,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    own_person(&who)?;
    let record = issued(&state, &code, Some(who)).await?;
    let hours = record.minutes / 60;
    let minutes = record.minutes % 60;
    let body = format!(
        "<h1>服务时长证明</h1><p>兹证明 <strong>{}</strong> 于 {} 至 {} 参加服务民生值班 {} 次，\
         实际服务 {hours} 小时 {minutes} 分钟。</p><p>验证码：<strong>{}</strong>（在本系统 \
         /api/v1/service-records/{} 核验）</p><p>出具时间：{}</p>",
        escape(&record.name),
        record.from,
        record.to,
        record.duties,
        record.code,
        record.code,
        local(record.issued_at).format("%Y-%m-%d %H:%M"),
    );
    Ok(page("服务时长证明", TABLES, &body))
}
