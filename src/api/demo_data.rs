//! Demo data: an invented network of realistic size, for trying things out.

use actix_web::{HttpResponse, post, web};
use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::access::guard::allow;
use super::access::trail::Tell as _;
use super::extract::Json;
use super::idempotency::{IdempotencyKey, mismatch};
use super::openapi::DemoErrors;
use super::problem::Problem;
use super::resources::word_at;
use super::state::AppState;
use crate::db::DbError;
use crate::demo::{Preset, generate};
use crate::domain::Who;
use crate::planning::demo_load::{LoadOutcome, load_demo_within};

/// Which demo network.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"preset": "street", "seed": 7, "weekStart": "2026-11-30"}))]
pub struct NewDemoData {
    /// `street`, `district` or `city`.
    preset: String,
    /// Seed; the same seed gives the same network (7 unless given).
    seed: Option<u64>,
    /// A day of the week that history leads up to; next week unless given.
    week_start: Option<NaiveDate>,
}

/// What the database holds now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "preset": "street", "seed": 7, "weekStart": "2026-11-30", "units": 42, "stations": 41, "people": 177
}))]
pub struct DemoData {
    /// Size.
    preset: String,
    /// Seed.
    seed: u64,
    /// Monday of the week that history leads up to.
    week_start: NaiveDate,
    /// Units loaded.
    units: usize,
    /// Stations loaded.
    stations: usize,
    /// People loaded.
    people: usize,
}

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create_demo_data);
}

/// Loads a demo network into an empty database, all of it or nothing; the same one again changes nothing.
#[utoipa::path(tag = "operations", request_body = NewDemoData, params(
    ("Idempotency-Key" = Option<String>, Header, description = "The same key with another request is refused"),
), responses(
    (status = 200, description = "Loaded before", body = DemoData),
    (status = 201, description = "Loaded", body = DemoData),
    DemoErrors,
))]
#[post("/demo-data")]
pub async fn create_demo_data(
    state: web::Data<AppState>,
    who: Who,
    key: IdempotencyKey,
    body: Json<NewDemoData>,
) -> Result<HttpResponse, Problem> {
    let preset = word_at(&body.0.preset, "/preset", |text| {
        [Preset::Street, Preset::District, Preset::City].into_iter().find(|preset| preset.as_str() == text)
    })?;
    let once = key.of("create_demo_data", &(&who.account, &body.0));
    let seed = body.0.seed.unwrap_or(7);
    let today = state.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let ahead = Days::new(7 - u64::from(today.weekday().num_days_from_monday()));
    let week = body.0.week_start.unwrap_or_else(|| today.checked_add_days(ahead).unwrap_or(today));
    let city = web::block(move || generate(preset, seed, week)).await.map_err(Problem::internal)?;
    let clock = state.clock.clone();
    let author = who.clone();
    let loaded = state.change(&who, move |tx| {
        allow(&author, None, "demo data", preset.as_str())?;
        if let Some(answer) = once.before(tx)? {
            tx.unchanged();
            let data = serde_json::from_str(&answer).map_err(|error| DbError::Internal(error.to_string()))?;
            return Ok((false, data));
        }
        let outcome = load_demo_within(tx, &city, &*clock)?;
        let mut data = DemoData {
            preset: city.preset.as_str().to_owned(),
            seed: city.seed,
            week_start: city.week_start,
            units: city.units.len(),
            stations: city.stations.len(),
            people: city.people.len(),
        };
        let is_new = match outcome {
            LoadOutcome::Loaded { .. } => true,
            LoadOutcome::AlreadyLoaded(load) => {
                data.week_start = load.week_start;
                false
            }
        };
        let answer = serde_json::to_string(&data).map_err(|error| DbError::Internal(error.to_string()))?;
        once.keep(tx, &answer, clock.now())?;
        if is_new {
            tx.did("load", ("demo data", preset.as_str()), None, None, Some(&data));
        } else {
            tx.unchanged();
        }
        Ok((is_new, data))
    });
    let (is_new, data): (bool, DemoData) = loaded.await.map_err(mismatch)?;
    Ok(if is_new { HttpResponse::Created().json(data) } else { HttpResponse::Ok().json(data) })
}
