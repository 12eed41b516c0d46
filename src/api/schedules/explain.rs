//! Questions about a stored roster, each answered on the street concerned: why, who instead, and what rules cost.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{get, web};
use paiban_solver::document::answers::{self as solver, ReplacementDocument, explain_need};
use paiban_solver::explain::fill::{Gap, fillings};
use paiban_solver::explain::prices::{PriceOptions, fairness, prices};
use paiban_solver::explain::scene::Scene;
use paiban_solver::explain::unmet::missing;
use paiban_solver::problem::PersonIx;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answers::{ExplanationDocument, PricesDocument, RecommendationDocument};
use super::roster::ready;
use super::schedule_for;
use crate::api::lang::{Lang, Text};
use crate::api::openapi::QuestionErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::{path_id, query_problem};
use crate::api::state::{AppState, Planner};
use crate::db::{Connection, Db, DbResult, assignments, placement, posts, stations, units};
use crate::domain::{Assignment, PostId, Schedule, ScheduleId, UnitId, Who};
use crate::planning::street::{StreetWeek, load};
use crate::planning::week::PrepareError;

impl From<PrepareError> for Problem {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Db(error) => error.into(),
            PrepareError::CalendarMissing { .. } => Self::new(Code::NoCalendar).detail(
                "该周没有已公布的法定日历；先公布日历",
                "the week has no published calendar any more; publish it first",
            ),
            PrepareError::NothingToPlan { .. } => {
                Self::new(Code::NotFound).detail("该街道本周没有岗位", "the street has no posts in this week")
            }
            PrepareError::Invalid(cause) => {
                Self::new(Code::InvalidProblem).detail(format!("存储的数据有误：{cause}"), cause)
            }
            PrepareError::ProfileUnreadable { .. } => Self::internal(error),
        }
    }
}

/// Has a question answered by the desk's threads.
///
/// # Errors
/// `queue-full` when too many wait, and those of the answer.
pub async fn ask<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce(&Db) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let db = state.db.clone();
    let planner: &Arc<Planner> = &state.planner;
    let waiting = planner.desk.ask(move || work(&db)).map_err(|_| {
        Problem::new(Code::QueueFull).detail("提问过多，请稍后再试", "too many questions wait; try again in a moment")
    })?;
    waiting.await.map_err(|_| Problem::internal("a question was not answered; see the log"))?
}

/// The schedule, if the author sees it and it has a roster.
///
/// # Errors
/// `not-found`, `not-ready`.
pub fn readable(db: &Db, who: &Who, id: &ScheduleId) -> Result<Schedule, Problem> {
    let schedule = db.read(|conn| schedule_for(who, conn, id)).map_err(Problem::from)?.0;
    ready(&schedule)?;
    Ok(schedule)
}

fn one_of(names: &str) -> Problem {
    query_problem(names, "exactly one of these is needed", "name one of them")
}

/// What a question is about.
enum Subject {
    Post(PostId),
    Street(UnitId),
}

impl Subject {
    fn parse(post: Option<&str>, street: Option<&str>) -> Result<Self, Problem> {
        match (post, street) {
            (Some(post), None) => path_id(post).map(Self::Post),
            (None, Some(street)) => path_id(street).map(Self::Street),
            _ => Err(one_of("post, street")),
        }
    }

    fn unit(&self, conn: &mut Connection) -> DbResult<UnitId> {
        match self {
            Self::Post(post) => {
                let station = posts::get(conn, post)?.station;
                Ok(stations::get(conn, &station)?.unit)
            }
            Self::Street(street) => {
                placement::of_unit(conn, street)?;
                Ok(street.clone())
            }
        }
    }
}

/// Reads the street around a unit.
///
/// # Errors
/// Those of the database.
pub fn street_around(db: &Db, schedule: &Schedule, unit: UnitId) -> Result<StreetWeek, Problem> {
    Ok(load(db, schedule, &[unit])?)
}

fn unknown_post() -> Problem {
    Problem::new(Code::NotFound).detail("班表中没有这个岗位", "the schedule has no such post")
}

/// Which posts to explain.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplanationQuery {
    /// Id of a post, met or unmet.
    post: Option<String>,
    /// Code of a street: every unmet post in it. Exactly one of `post` and `street` is needed.
    street: Option<String>,
}

/// Says why posts are unmet, who is nearest and what stops them, and up to three repairs with their exact cost.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), ExplanationQuery), responses(
    (status = 200, description = "One explanation for each post, by post", body = Vec<ExplanationDocument>),
    QuestionErrors,
))]
#[get("/schedules/{id}/explanation")]
pub async fn get_explanation(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<ExplanationQuery>,
    lang: Lang,
) -> Result<web::Json<Vec<ExplanationDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let found = ask(&state, move |db| {
        let schedule = readable(db, &who, &id)?;
        let subject = Subject::parse(query.post.as_deref(), query.street.as_deref())?;
        let unit = db.read(|conn| subject.unit(conn)).map_err(Problem::from)?;
        let week = street_around(db, &schedule, unit.clone())?;
        let (street, wanted) = match &subject {
            Subject::Post(post) => {
                let need = week.need(post.as_str()).ok_or_else(unknown_post)?;
                (week.street(week.street_of(need)), Some(need))
            }
            Subject::Street(_) => {
                (week.street(week.unit(unit.as_str()).and_then(|at| week.problem.street_of(at))), None)
            }
        };
        let scene = Scene::of_street(&street);
        let mut unmet = missing(&scene);
        if let Some(need) = wanted.and_then(|need| street.need(need)) {
            unmet.retain(|&(other, _)| other == need);
            if unmet.is_empty() {
                unmet.push((need, 0));
            }
        }
        let mut found: Vec<solver::ExplanationDocument> =
            unmet.into_iter().map(|(need, heads)| explain_need(&scene, need, heads)).collect();
        found.sort_by(|one, other| one.unmet.need.cmp(&other.unmet.need));
        Ok(found)
    })
    .await?;
    Ok(web::Json(found.into_iter().map(|found| ExplanationDocument::new(lang, found)).collect()))
}

/// Whom to find somebody for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationQuery {
    /// Number of an assignment: who could take its place.
    assignment: Option<i64>,
    /// Id of a post: who could come besides those who are there. Exactly one of the two is needed.
    post: Option<String>,
    /// So many people, 1 to 50 (5 unless given).
    limit: Option<usize>,
    /// Whether the present holder may take over the duty that the other leaves (`true` unless given).
    exchange: Option<bool>,
}

/// Most people that one answer names.
const MOST_RECOMMENDED: usize = 50;

/// Ranks the people who could take a duty or fill a post, each with the exact change of every tier; no rule of tier 0 is
/// broken.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), RecommendationQuery), responses(
    (status = 200, description = "Best first; empty when nobody can without breaking a rule",
        body = Vec<RecommendationDocument>),
    QuestionErrors,
))]
#[get("/schedules/{id}/recommendations")]
pub async fn get_recommendations(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<RecommendationQuery>,
    lang: Lang,
) -> Result<web::Json<Vec<RecommendationDocument>>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let found = ask(&state, move |db| {
        let schedule = readable(db, &who, &id)?;
        let most = query.limit.unwrap_or(5);
        if !(1..=MOST_RECOMMENDED).contains(&most) {
            return Err(query_problem("limit", "it is not between 1 and 50", "give 1 to 50"));
        }
        let (post, holder): (PostId, Option<Assignment>) = match (query.assignment, query.post.as_deref()) {
            (Some(number), None) => {
                let held = db.read(|conn| assignments::get(conn, &id, number)).map_err(Problem::from)?;
                (held.post.clone(), Some(held))
            }
            (None, Some(post)) => (path_id(post)?, None),
            _ => return Err(one_of("assignment, post")),
        };
        let unit = db.read(|conn| Subject::Post(post.clone()).unit(conn)).map_err(Problem::from)?;
        let week = street_around(db, &schedule, unit)?;
        let need = week.need(post.as_str()).ok_or_else(unknown_post)?;
        let street = week.street(week.street_of(need));
        let scene = Scene::of_street(&street);
        let leaver = holder.and_then(|held| week.person(held.person.as_str())).and_then(|person| street.person(person));
        let need = street.need(need).ok_or_else(unknown_post)?;
        let gap = Gap { need, leaver, exchange: query.exchange.unwrap_or(true) };
        let nobody = PersonIx(u32::MAX);
        let mut judge = scene.judge();
        let found: Vec<ReplacementDocument> = fillings(&scene, &mut judge, gap, most)
            .iter()
            .map(|filling| ReplacementDocument::new(&street.problem, filling, leaver.unwrap_or(nobody)))
            .collect();
        Ok(found)
    })
    .await?;
    Ok(web::Json(found.into_iter().map(|found| RecommendationDocument::new(lang, found)).collect()))
}

/// Which prices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceQuery {
    /// Code of the street; needed unless the schedule is of one street.
    street: Option<String>,
    /// Solve again with one step more room for so many of the dearest instances, 0 to 10 (3 unless given).
    exact: Option<usize>,
    /// Show so many instances, 1 to 200 (20 unless given).
    top: Option<usize>,
    /// Also solve with and without S31 for the price of fairness (`false` unless given).
    fairness: Option<bool>,
}

/// Longest that one solve for a price may take.
const PRICE_SECONDS: Duration = Duration::from_secs(10);

/// Says what rules cost on a street: shadow prices by rule, unit and block, the exact effect of one step more room for
/// the dearest instances, and the price of fairness.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id"), PriceQuery), responses(
    (status = 200, description = "Prices; never positive, since more room never costs", body = PricesDocument),
    QuestionErrors,
))]
#[get("/schedules/{id}/prices")]
pub async fn get_prices(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    query: web::Query<PriceQuery>,
) -> Result<web::Json<PricesDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let found = ask(&state, move |db| {
        let schedule = readable(db, &who, &id)?;
        let (exact, top) = (query.exact.unwrap_or(3), query.top.unwrap_or(20));
        if exact > 10 || !(1..=200).contains(&top) {
            return Err(query_problem("exact, top", "a number is out of range", "give exact 0 to 10 and top 1 to 200"));
        }
        let unit: UnitId = street_asked(db, &schedule, query.street.as_deref())?;
        let week = street_around(db, &schedule, unit.clone())?;
        let at = week.unit(unit.as_str()).and_then(|at| week.problem.street_of(at));
        let street = week.street(at);
        let options = PriceOptions { exact, time_limit: PRICE_SECONDS };
        let found = prices(&street, options);
        let fair = query.fairness.unwrap_or(false).then(|| fairness(&street, PRICE_SECONDS)).flatten();
        let id = at.and_then(|at| week.unit_id(at));
        Ok(solver::PricesDocument::new(&street, id, &found, fair.as_ref(), top))
    })
    .await?;
    Ok(web::Json(found.into()))
}

/// The street that a question names, or the schedule's own unit.
///
/// # Errors
/// `not-found` for an unknown unit; `invalid-query` when the schedule covers several streets and none is named.
pub fn street_asked(db: &Db, schedule: &Schedule, street: Option<&str>) -> Result<UnitId, Problem> {
    use crate::domain::UnitLevel;
    if let Some(street) = street {
        let unit: UnitId = path_id(street)?;
        db.read(|conn| placement::of_unit(conn, &unit)).map_err(Problem::from)?;
        return Ok(unit);
    }
    let line = db.read(|conn| units::with_ancestors(conn, &[schedule.unit.as_str()])).map_err(Problem::from)?;
    if line.iter().any(|unit| unit.level == UnitLevel::Street) {
        return Ok(schedule.unit.clone());
    }
    Err(Problem::new(Code::InvalidQuery).at(
        "street",
        Text::new("班表覆盖多个街道", "the schedule covers several streets"),
        Text::new("指明街道代码", "name the code of a street"),
    ))
}
