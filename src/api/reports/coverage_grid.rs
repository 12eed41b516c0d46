//! Coverage of a week by unit, day and part of the day: what heat maps and maps of areas show that have too many
//! stations to show each.

use std::collections::HashMap;

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Scope, WeeksQuery};
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::resources::{FromQuery as _, query_problem};
use crate::api::state::AppState;
use crate::db::{Connection, DbResult, assignments, posts, stations, units};
use crate::domain::{Unit, UnitId, UnitLevel, Who, local_date};

/// Rows beyond which nobody reads an answer.
const MOST_ROWS: usize = 1000;
/// The minute before which the morning's posts begin, and that before which the afternoon's do.
const PARTS: [(i64, &str); 2] = [(12 * 60, "morning"), (17 * 60 + 30, "afternoon")];
const LAST_PART: &str = "evening";

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_coverage_grid);
}

/// What is reported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GridQuery {
    /// Code of the unit whose subtree is reported.
    unit: String,
    /// ISO week, such as `2026-W49`; the present one unless given.
    week: Option<String>,
    /// Rows are the units of this level, each with all below it; unless given, the units just below. Stations that are
    /// under none of them count for the unit that they belong to. An answer has at most 1000 rows.
    level: Option<String>,
}

/// What posts that begin in one part of one day ask for and have.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GridCell {
    /// Day.
    date: NaiveDate,
    /// `morning` (begins before 12:00), `afternoon` (before 17:30) or `evening`.
    part: &'static str,
    /// Posts.
    posts: u64,
    /// Heads that they need at least.
    minimum: u64,
    /// Heads wished for.
    target: u64,
    /// Heads that they have in rosters in force; trainees are none.
    heads: u64,
    /// Heads missing from minimums: too many at one post do not help another.
    missing: u64,
    /// Heads missing from what is wished for.
    wanted: u64,
}

/// A unit with what counts for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GridRow {
    /// Code of the unit.
    unit: String,
    /// Its name.
    name: String,
    /// Whether all below it counts for it; else only the stations that are under none of the other rows.
    is_whole: bool,
    /// Stations.
    stations: u64,
    /// Mean of the stations' places, degrees north; null when none has a place.
    latitude: Option<f64>,
    /// Mean of the stations' places, degrees east; null when none has a place.
    longitude: Option<f64>,
    /// Parts of days with posts, in order.
    cells: Vec<GridCell>,
}

/// How posts are covered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220100000000", "week": "2026-W49", "from": "2026-11-30", "to": "2026-12-06", "level": "street",
    "rows": [{"unit": "220102001000", "name": "自强街道", "isWhole": true, "stations": 41, "latitude": 43.88, "longitude": 125.34,
        "cells": [{"date": "2026-11-30", "part": "morning", "posts": 41, "minimum": 41, "target": 80, "heads": 60,
            "missing": 1, "wanted": 21}]}]
}))]
pub struct CoverageGrid {
    /// Code of the unit.
    unit: String,
    /// Week.
    week: String,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// Level of the rows; null when they are the units just below.
    level: Option<&'static str>,
    /// Units by code.
    rows: Vec<GridRow>,
}

/// For each unit of a subtree, the unit whose row it counts for.
fn rows_of(below: &[Unit], root: &UnitId, level: Option<UnitLevel>) -> HashMap<String, String> {
    let mut rows: HashMap<String, String> = HashMap::new();
    // Parents come before their children, so that a child finds its parent's row.
    for unit in below {
        let above = unit.parent.as_ref().and_then(|parent| rows.get(parent.as_str()));
        let begins = match level {
            Some(level) => unit.level <= level,
            None => unit.id == *root || unit.parent.as_ref() == Some(root),
        };
        let row = above.filter(|_| !begins).cloned().unwrap_or_else(|| unit.id.as_str().to_owned());
        rows.insert(unit.id.as_str().to_owned(), row);
    }
    rows
}

/// A row that is being counted.
#[derive(Default)]
struct Counting {
    stations: u64,
    places: Vec<(f64, f64)>,
    cells: HashMap<(NaiveDate, usize), GridCell>,
}

impl Counting {
    fn add(&mut self, post: &posts::Asked, heads: u64) {
        let at = PARTS.iter().position(|(end, _)| post.start_minute < *end).unwrap_or(PARTS.len());
        let part = PARTS.get(at).map_or(LAST_PART, |(_, word)| word);
        let cell = self.cells.entry((post.date, at)).or_insert(GridCell {
            date: post.date,
            part,
            posts: 0,
            minimum: 0,
            target: 0,
            heads: 0,
            missing: 0,
            wanted: 0,
        });
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        let (minimum, target) = (number(post.min_heads), number(post.target_heads));
        cell.posts += 1;
        cell.minimum += minimum;
        cell.target += target;
        cell.heads += heads;
        cell.missing += minimum.saturating_sub(heads);
        cell.wanted += target.saturating_sub(heads);
    }

    fn finish(self, unit: &Unit, is_whole: bool) -> GridRow {
        let mut cells: Vec<_> = self.cells.into_iter().collect();
        cells.sort_by_key(|(key, _)| *key);
        #[expect(clippy::cast_precision_loss, reason = "nobody has that many stations")]
        let count = self.places.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| (count > 0.0).then(|| self.places.iter().map(of).sum::<f64>() / count);
        GridRow {
            unit: unit.id.as_str().to_owned(),
            name: unit.name.clone(),
            is_whole,
            stations: self.stations,
            latitude: mean(|place| place.0),
            longitude: mean(|place| place.1),
            cells: cells.into_iter().map(|(_, cell)| cell).collect(),
        }
    }
}

fn count(conn: &mut Connection, scope: &Scope, level: Option<UnitLevel>) -> DbResult<Vec<GridRow>> {
    let below = units::within(conn, &scope.unit)?;
    let rows = rows_of(&below, &scope.unit, level);
    let mut counted: HashMap<&str, Counting> = HashMap::new();
    let mut row_of_station: HashMap<String, &str> = HashMap::new();
    for place in stations::places_within(conn, &scope.unit)? {
        let Some(row) = rows.get(&place.unit) else { continue };
        let counting = counted.entry(row).or_default();
        counting.stations += 1;
        counting.places.extend(place.at);
        row_of_station.insert(place.id, row);
    }
    let heads = assignments::heads_within(conn, &scope.unit, scope.first, scope.last)?;
    for post in posts::asked_within(conn, &scope.unit, scope.first, scope.last)? {
        let Some(row) = row_of_station.get(&post.station) else { continue };
        counted.entry(row).or_default().add(&post, heads.get(&post.id).copied().unwrap_or(0));
    }
    let is_whole = |unit: &Unit| level.map_or(unit.id != scope.unit, |level| unit.level >= level);
    let row = |unit: &Unit| counted.remove(unit.id.as_str()).map(|counting| counting.finish(unit, is_whole(unit)));
    let mut found: Vec<GridRow> = below.iter().filter_map(row).collect();
    found.sort_by(|one, other| one.unit.cmp(&other.unit));
    Ok(found)
}

/// Reports how the posts of a week are covered by rosters in force, for each unit, day and part of the day.
#[utoipa::path(tag = "reports", params(GridQuery), responses(
    (status = 200, description = "The report", body = CoverageGrid), SubListErrors,
))]
#[get("/reports/coverage-grid.json")]
pub async fn get_coverage_grid(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<GridQuery>,
) -> Result<web::Json<CoverageGrid>, Problem> {
    let query = query.into_inner();
    let level = query.level.map(|text| UnitLevel::from_query(text, "level")).transpose()?;
    let weeks = WeeksQuery { unit: query.unit, week: query.week, weeks: None };
    let scope = Scope::read(weeks, 1, local_date(state.clock.now()))?;
    let asked = scope.clone();
    let rows = state
        .read(move |conn| {
            asked.check(&who, conn)?;
            count(conn, &asked, level)
        })
        .await?;
    if rows.len() > MOST_ROWS {
        let cause = format!("{} units have stations", rows.len());
        return Err(query_problem("level", &cause, "name a higher level or a smaller unit"));
    }
    let grid = CoverageGrid {
        unit: scope.unit.to_string(),
        week: scope.week(),
        from: scope.first,
        to: scope.last,
        level: level.map(UnitLevel::as_str),
        rows,
    };
    Ok(web::Json(grid))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, parent: Option<&str>, level: UnitLevel) -> Unit {
        let code = |text: &str| UnitId::parse(text).unwrap();
        Unit { id: code(id), parent: parent.map(code), level, name: id.to_owned(), version: 1 }
    }

    #[test]
    fn units_count_for_the_level_that_is_named_or_for_the_units_just_below() {
        let (city, district, street, community) = ("220100000000", "220102000000", "220102001000", "220102001001");
        let below = [
            unit(city, None, UnitLevel::City),
            unit(district, Some(city), UnitLevel::District),
            unit(street, Some(district), UnitLevel::Street),
            unit(community, Some(street), UnitLevel::Community),
        ];
        let root = UnitId::parse(city).unwrap();
        let of = |level| {
            let rows = rows_of(&below, &root, level);
            [city, district, street, community].map(|id| rows[id].clone())
        };
        assert_eq!(of(None), [city, district, district, district]);
        assert_eq!(of(Some(UnitLevel::Street)), [city, district, street, street]);
        assert_eq!(of(Some(UnitLevel::City)), [city, city, city, city]);
    }
}
