//! What `paiban start` prints of a planned week: one station's roster and the proof.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::{Datelike as _, Weekday};

use super::roster_table::{clock_time, table};
use super::serve::coded;
use crate::db::{
    Connection, Db, DbResult, Page, assignments, people, posts, results, schedules, skills, stations, units,
};
use crate::domain::{Assignment, PersonId, PostId, Schedule, ScheduleId, SkillId, TierRow, Unit, UnmetNeed};
use crate::planning::iso_week::format_week;

/// How many unmet needs are shown with their reasons.
const UNMET_SHOWN: u16 = 3;

struct Facts {
    schedule: Schedule,
    unit: Unit,
    tiers: Vec<TierRow>,
    unmet_posts: usize,
    unmet: Vec<(UnmetNeed, String)>,
    duties: usize,
    stations: usize,
    people: usize,
    station: String,
    rows: Vec<Vec<String>>,
}

/// The text for the terminal.
pub(super) fn of(db: &Db, id: &ScheduleId) -> anyhow::Result<String> {
    let facts = db.snapshot(|conn| read(conn, id)).map_err(coded)?;
    text(&facts).context("error[summary]: the summary cannot be written")
}

fn read(conn: &mut Connection, id: &ScheduleId) -> DbResult<Facts> {
    let schedule = schedules::get(conn, id)?;
    let unit = units::get(conn, &schedule.unit)?;
    let all = assignments::of_schedule(conn, id)?;
    let mut by_station: BTreeMap<&str, Vec<&Assignment>> = BTreeMap::new();
    for assignment in &all {
        by_station.entry(assignment.station.as_str()).or_default().push(assignment);
    }
    // The busiest station, the first by id among equals.
    let busiest = by_station
        .values()
        .max_by_key(|duties| (duties.len(), std::cmp::Reverse(duties.first().map(|duty| duty.station.as_str()))));
    let (station, rows) = match busiest.and_then(|duties| duties.first().map(|first| (duties, first.station.clone()))) {
        Some((duties, station)) => (stations::get(conn, &station)?.name, station_rows(conn, duties)?),
        None => (String::new(), Vec::new()),
    };
    let mut unmet_posts = 0;
    let mut page = Page::first(crate::db::MAX_PAGE);
    let mut unmet = Vec::new();
    loop {
        let slice = results::unmet(conn, id, None, &page)?;
        unmet_posts += slice.items.len();
        for need in slice.items.into_iter().take(usize::from(UNMET_SHOWN).saturating_sub(unmet.len())) {
            let name = stations::get(conn, &need.station)?.name;
            unmet.push((need, name));
        }
        match slice.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let people: std::collections::HashSet<&str> = all.iter().map(|duty| duty.person.as_str()).collect();
    Ok(Facts {
        tiers: results::tiers(conn, id)?,
        duties: all.len(),
        stations: by_station.len(),
        people: people.len(),
        schedule,
        unit,
        unmet_posts,
        unmet,
        station,
        rows,
    })
}

fn station_rows(conn: &mut Connection, duties: &[&Assignment]) -> DbResult<Vec<Vec<String>>> {
    let mut by_post: BTreeMap<_, (PostId, Vec<PersonId>)> = BTreeMap::new();
    for duty in duties {
        let key = (duty.date, duty.start_minute, duty.end_minute, duty.post.as_str());
        by_post.entry(key).or_insert_with(|| (duty.post.clone(), Vec::new())).1.push(duty.person.clone());
    }
    let mut skill_names: HashMap<SkillId, String> = HashMap::new();
    let mut rows = Vec::new();
    for ((date, start, end, _), (post, persons)) in by_post {
        let skill = match posts::get(conn, &post)?.skill {
            None => "综合".to_owned(),
            Some(skill) => {
                if !skill_names.contains_key(&skill) {
                    let name = skills::get(conn, &skill)?.name;
                    skill_names.insert(skill.clone(), name);
                }
                skill_names.get(&skill).cloned().unwrap_or_default()
            }
        };
        let names: DbResult<Vec<String>> =
            persons.iter().map(|id| people::get(conn, id).map(|person| person.name)).collect();
        rows.push(vec![
            date.format("%m-%d").to_string(),
            weekday(date.weekday()).to_owned(),
            format!("{}-{}", clock_time(start), clock_time(end)),
            skill,
            names?.join("、"),
        ]);
    }
    Ok(rows)
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

fn text(facts: &Facts) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    if !facts.rows.is_empty() {
        writeln!(out, "\n{}  {}", facts.station, format_week(facts.schedule.week_start))?;
        writeln!(out, "{}", table(&["日期", "星期", "时段", "岗位", "值班人员"], &facts.rows))?;
    }
    writeln!(
        out,
        "\n{} {} (schedule {}): {} duties of {} people at {} stations, {} posts below their minimum",
        facts.unit.name,
        format_week(facts.schedule.week_start),
        facts.schedule.id,
        facts.duties,
        facts.people,
        facts.stations,
        facts.unmet_posts
    )?;
    for (need, station) in &facts.unmet {
        writeln!(out, "  {} {station}: {}", need.date.format("%m-%d"), need.reason_zh)?;
    }
    let rows: Vec<Vec<String>> = facts
        .tiers
        .iter()
        .map(|tier| {
            let names = ["residents first", "obligations", "quality"];
            let name = names.get(usize::from(tier.tier).saturating_sub(1)).copied().unwrap_or_default();
            vec![
                format!("{} {name}", tier.tier),
                tier.value.to_string(),
                tier.bound.to_string(),
                format!("{:.2} %", tier.gap * 100.0),
            ]
        })
        .collect();
    writeln!(out, "\n{}", table(&["tier", "cost", "proven bound", "gap"], &rows))?;
    writeln!(
        out,
        "input {}  profile {} version {}  seed {}  outcome {}",
        facts.schedule.input_hash.as_deref().unwrap_or("-").get(..12).unwrap_or("-"),
        facts.schedule.profile,
        facts.schedule.profile_version,
        facts.schedule.seed,
        facts.schedule.outcome.map_or("-", crate::domain::OutcomeStatus::as_str)
    )?;
    Ok(out)
}
