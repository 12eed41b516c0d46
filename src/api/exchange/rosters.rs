//! The roster sheet 值班表 of a unit's week, as a workbook and as a page to print.

use std::collections::HashMap;
use std::fmt::Write as _;

use actix_web::{HttpResponse, get, web};
use chrono::Datelike as _;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{XLSX, file};
use crate::api::openapi::RosterErrors;
use crate::api::print::{TABLES, page};
use crate::api::problem::{Code, Problem};
use crate::api::resources::path_id;
use crate::api::schedules::roster::week_of;
use crate::api::state::AppState;
use crate::db::{Connection, DbResult, bulk, demand_templates, people, posts, stations, units};
use crate::domain::{PersonId, UnitId, Who};
use crate::exchange::workbook::{ROSTER_HEADERS, RosterLine, roster};
use crate::html::escape;
use crate::planning::iso_week::{format_week, parse_week};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_roster_workbook).service(get_roster_page);
}

const WEEKDAYS: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

/// A week as it is printed.
struct Sheet {
    unit: String,
    week: String,
    lines: Vec<RosterLine>,
}

fn masked(phone: &str) -> String {
    let characters: Vec<char> = phone.chars().collect();
    if characters.len() < 8 {
        return "****".to_owned();
    }
    let (head, tail) = (characters.iter().take(3), characters.iter().skip(characters.len() - 4));
    head.copied().chain("****".chars()).chain(tail.copied()).collect()
}

fn sheet(conn: &mut Connection, who: &Who, unit: &UnitId, monday: chrono::NaiveDate) -> DbResult<Option<Sheet>> {
    let Some((schedule, _, duties)) = week_of(conn, who, unit, monday)? else { return Ok(None) };
    let calendars = bulk::calendars(conn, monday.year()..=(monday + chrono::Days::new(6)).year())?;
    let mut by_post: Vec<(String, Vec<&crate::domain::Assignment>)> = Vec::new();
    for duty in &duties {
        match by_post.last_mut() {
            Some((post, together)) if post == duty.post.as_str() => together.push(duty),
            _ => by_post.push((duty.post.to_string(), vec![duty])),
        }
    }
    let mut names: HashMap<String, String> = HashMap::new();
    let mut lines = Vec::new();
    for (_, together) in by_post {
        let Some(first) = together.first() else { continue };
        let place = first.station.to_string();
        if !names.contains_key(&place) {
            names.insert(place.clone(), stations::get(conn, &first.station)?.name);
        }
        let post = posts::get(conn, &first.post)?;
        let template = post.template.and_then(|id| demand_templates::get(conn, &id).ok()).map(|found| found.name);
        let station = names.get(&place).cloned().unwrap_or_default();
        let work = template.map_or_else(|| station.clone(), |name| format!("{station} {name}"));
        let mut who_serves = Vec::new();
        let mut phones = Vec::new();
        let mut leader = String::new();
        for duty in &together {
            let id: &PersonId = &duty.person;
            let person = people::get(conn, id)?;
            if leader.is_empty() && person.category == crate::domain::Category::SecondedCadre {
                leader.clone_from(&person.name);
            }
            phones.push(person.phone.as_deref().map(masked).unwrap_or_default());
            who_serves.push(person.name);
        }
        let listed = calendars.iter().flat_map(|year| &year.days).find(|day| day.date == first.date);
        let weekday = first.date.weekday().num_days_from_monday();
        let is_holiday = listed.map_or(weekday > 4, |day| day.is_off);
        let mark = match listed {
            Some(day) if !day.is_off => "班",
            Some(day) => day.name.as_deref().unwrap_or("休"),
            None => "",
        };
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
        let day = usize::try_from(weekday).ok().and_then(|at| WEEKDAYS.get(at)).copied().unwrap_or_default();
        lines.push(RosterLine {
            cells: [
                first.date.to_string(),
                day.to_owned(),
                format!("{}–{}", clock(first.start_minute), clock(first.end_minute)),
                work,
                leader,
                who_serves.join("、"),
                phones.join("、"),
                mark.to_owned(),
            ],
            is_holiday,
        });
    }
    let state = if schedule.status == crate::domain::ScheduleStatus::Published { "" } else { "（草稿）" };
    let last = monday + chrono::Days::new(6);
    Ok(Some(Sheet {
        unit: units::get(conn, unit)?.name,
        week: format!("{}：{monday} 至 {last}{state}", format_week(monday)),
        lines,
    }))
}

async fn read(state: &AppState, who: Who, unit: &str, week: &str) -> Result<Sheet, Problem> {
    let unit: UnitId = path_id(unit)?;
    let monday = parse_week(week).ok_or_else(|| Problem::new(Code::NotFound))?;
    let found = state.read(move |conn| sheet(conn, &who, &unit, monday)).await?;
    found.ok_or_else(|| {
        Problem::new(Code::NotFound).detail("该周尚无班表；先排班", "the week has no roster; plan it first")
    })
}

/// Answers the roster sheet 值班表 of a unit's week as a workbook, A4 landscape.
#[utoipa::path(tag = "exchange", params(
    ("unit" = String, Path, description = "Code of the unit"),
    ("week" = String, Path, description = "Week, as 2026-W49 or the date of a day in it"),
), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), RosterErrors,
))]
#[get("/rosters/{unit}/{week}.xlsx")]
pub async fn get_roster_workbook(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let sheet = read(&state, who, &path.0, &path.1).await?;
    let bytes = roster(&sheet.unit, &sheet.week, &sheet.lines).map_err(Problem::internal)?;
    Ok(file(&format!("roster-{}-{}.xlsx", path.0, path.1), XLSX, bytes))
}

/// Answers the roster sheet 值班表 of a unit's week as a page to print, A4 landscape.
#[utoipa::path(tag = "exchange", params(
    ("unit" = String, Path, description = "Code of the unit"),
    ("week" = String, Path, description = "Week, as 2026-W49 or the date of a day in it"),
), responses(
    (status = 200, description = "Page", body = String, content_type = "text/html", example = json!("<!doctype html>…")),
    RosterErrors,
))]
#[get("/rosters/{unit}/{week}.html")]
pub async fn get_roster_page(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let sheet = read(&state, who, &path.0, &path.1).await?;
    let title = format!("{}值班表", sheet.unit);
    let mut body = format!("<h1>{}</h1><h2>{}</h2><table><thead><tr>", escape(&title), escape(&sheet.week));
    for header in ROSTER_HEADERS {
        let _ = write!(body, "<th>{header}</th>");
    }
    body.push_str("</tr></thead><tbody>");
    for line in &sheet.lines {
        body.push_str(if line.is_holiday { "<tr class=\"holiday\">" } else { "<tr>" });
        for cell in &line.cells {
            let _ = write!(body, "<td>{}</td>", escape(cell));
        }
        body.push_str("</tr>");
    }
    body.push_str("</tbody></table><footer><span>制表人：</span><span>审核人：</span></footer>");
    Ok(page(&title, TABLES, &body))
}
