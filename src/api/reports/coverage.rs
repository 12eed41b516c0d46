//! Coverage: heads at posts in rosters in force, against what the posts ask for.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Scope, WeeksQuery, sheet};
use crate::api::exchange::XLSX;
use crate::api::exchange::kinds::cells::{Field, Form, shown};
use crate::api::openapi::SubListErrors;
use crate::api::problem::Problem;
use crate::api::resources::query_problem;
use crate::api::state::AppState;
use crate::cases::report::{UnitRows, percent};
use crate::db::{Connection, DbResult, MAX_PAGE, Page, assignments, posts, stations};
use crate::domain::{Post, Station, Who, local_date};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_coverage_report).service(download_coverage_report);
}

/// What is reported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// Code of the unit whose subtree is reported.
    unit: String,
    /// Last ISO week, such as `2026-W49`; the present one unless given.
    week: Option<String>,
    /// How many weeks, the last included, 1 to 53 (1 unless given).
    weeks: Option<String>,
    /// `station` (unless given), `unit` (the units just below, with all below them) or `day`.
    by: Option<String>,
}

/// A line of the report.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageRow {
    /// Id of the station, code of the unit, or date; empty for the sum.
    key: String,
    /// Name of the station or unit.
    name: Option<String>,
    /// Posts.
    posts: u64,
    /// Heads that they need at least.
    minimum: u64,
    /// Heads wished for.
    target: u64,
    /// Heads that they have in rosters in force; trainees are none.
    heads: u64,
    /// Posts below their minimum.
    short_posts: u64,
    /// Heads missing from minimums.
    missing: u64,
    /// Heads missing from what is wished for.
    wanted: u64,
    /// Heads of minimums that are there, in percent; null when none are needed.
    coverage_rate: Option<f64>,
}

impl CoverageRow {
    fn add(&mut self, post: &Post, heads: u64) {
        let (minimum, target) = (u64::from(post.min_heads), u64::from(post.target_heads));
        self.posts += 1;
        self.minimum += minimum;
        self.target += target;
        self.heads += heads;
        self.short_posts += u64::from(heads < minimum);
        self.missing += minimum.saturating_sub(heads);
        self.wanted += target.saturating_sub(heads);
    }

    fn finish(&mut self) {
        let there = self.minimum - self.missing;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.coverage_rate = percent(number(there), number(self.minimum));
    }
}

/// How posts are covered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "unit": "220102001000", "week": "2026-W49", "weeks": 1, "from": "2026-11-30", "to": "2026-12-06", "by": "station",
    "rows": [{"key": "st-1", "name": "桃源社区站", "posts": 5, "minimum": 5, "target": 10, "heads": 4, "shortPosts": 1,
        "missing": 1, "wanted": 6, "coverageRate": 80.0}],
    "total": {"key": "", "name": null, "posts": 5, "minimum": 5, "target": 10, "heads": 4, "shortPosts": 1,
        "missing": 1, "wanted": 6, "coverageRate": 80.0}
}))]
pub struct CoverageReport {
    /// Code of the unit.
    unit: String,
    /// Last week.
    week: String,
    /// How many weeks.
    weeks: i64,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// What the rows are.
    by: &'static str,
    /// Rows by key.
    rows: Vec<CoverageRow>,
    /// Their sum.
    total: CoverageRow,
}

const COLUMNS: &[Field] = &[
    shown("编号", "key", Form::Code),
    shown("名称", "name", Form::Text),
    shown("岗位数", "posts", Form::Whole),
    shown("最少人次", "minimum", Form::Whole),
    shown("目标人次", "target", Form::Whole),
    shown("到岗人次", "heads", Form::Whole),
    shown("缺人岗位", "shortPosts", Form::Whole),
    shown("低于最少", "missing", Form::Whole),
    shown("低于目标", "wanted", Form::Whole),
    shown("覆盖率（%）", "coverageRate", Form::Whole),
];

#[derive(Clone, Copy, PartialEq)]
enum By {
    Station,
    Unit,
    Day,
}

fn stations_of(conn: &mut Connection, scope: &Scope) -> DbResult<HashMap<String, Station>> {
    let filter = stations::StationFilter { subtree: Some(scope.unit.clone()), ..Default::default() };
    let mut page = Page::first(MAX_PAGE);
    let mut all = HashMap::new();
    loop {
        let slice = stations::list(conn, &filter, &page)?;
        all.extend(slice.items.into_iter().map(|station| (station.id.to_string(), station)));
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

fn count(conn: &mut Connection, scope: &Scope, by: By) -> DbResult<(Vec<CoverageRow>, CoverageRow)> {
    let stations = stations_of(conn, scope)?;
    let units = UnitRows::load(conn, &scope.unit)?;
    let mut rows: BTreeMap<String, CoverageRow> = BTreeMap::new();
    let mut total = CoverageRow::default();
    // Week by week, so that a year of a city is never held at once.
    for monday in scope.mondays() {
        let mut wanted = posts::within(conn, &scope.unit, monday, monday + chrono::Days::new(6))?;
        wanted.retain(|post| !post.retired);
        let ids: Vec<_> = wanted.iter().map(|post| &post.id).collect();
        let mut heads: HashMap<String, u64> = HashMap::new();
        for post in assignments::heads_at(conn, &ids)? {
            *heads.entry(post.to_string()).or_default() += 1;
        }
        for post in &wanted {
            let Some(station) = stations.get(post.station.as_str()) else { continue };
            let (key, name) = match by {
                By::Station => (station.id.to_string(), Some(station.name.clone())),
                By::Unit => units.row_of(station.unit.as_str()),
                By::Day => (post.date.to_string(), None),
            };
            let heads = heads.get(post.id.as_str()).copied().unwrap_or(0);
            let row = rows.entry(key.clone()).or_insert_with(|| CoverageRow { key, name, ..CoverageRow::default() });
            row.add(post, heads);
            total.add(post, heads);
        }
    }
    let mut rows: Vec<CoverageRow> = rows.into_values().collect();
    rows.iter_mut().for_each(CoverageRow::finish);
    total.finish();
    Ok((rows, total))
}

async fn make(state: &AppState, who: Who, query: CoverageQuery) -> Result<(Scope, CoverageReport), Problem> {
    let (by, name) = match query.by.as_deref() {
        None | Some("station") => (By::Station, "station"),
        Some("unit") => (By::Unit, "unit"),
        Some("day") => (By::Day, "day"),
        Some(other) => {
            return Err(query_problem("by", &format!("{other:?} is no key"), "give station, unit or day"));
        }
    };
    let weeks = WeeksQuery { unit: query.unit, week: query.week, weeks: query.weeks };
    let scope = Scope::read(weeks, 1, local_date(state.clock.now()))?;
    let asked = scope.clone();
    let (rows, total) = state
        .read(move |conn| {
            asked.check(&who, conn)?;
            count(conn, &asked, by)
        })
        .await?;
    let report = CoverageReport {
        unit: scope.unit.to_string(),
        week: scope.week(),
        weeks: scope.weeks(),
        from: scope.first,
        to: scope.last,
        by: name,
        rows,
        total,
    };
    Ok((scope, report))
}

/// Reports how the posts of some weeks are covered by rosters in force; posts of weeks without one count as empty.
#[utoipa::path(tag = "reports", params(CoverageQuery), responses(
    (status = 200, description = "The report", body = CoverageReport), SubListErrors,
))]
#[get("/reports/coverage.json")]
pub async fn get_coverage_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CoverageQuery>,
) -> Result<web::Json<CoverageReport>, Problem> {
    Ok(web::Json(make(&state, who, query.into_inner()).await?.1))
}

/// Answers the report of coverage as a sheet.
#[utoipa::path(tag = "reports", params(CoverageQuery), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), SubListErrors,
))]
#[get("/reports/coverage.xlsx")]
pub async fn download_coverage_report(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<CoverageQuery>,
) -> Result<HttpResponse, Problem> {
    let (scope, made) = make(&state, who, query.into_inner()).await?;
    sheet("coverage", "岗位覆盖", &scope.line(), COLUMNS, &made.rows, Some(&made.total))
}
