//! How a run came to its values and bounds, for a chart while it goes on and afterwards.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::schedule_for;
use crate::api::openapi::GetErrors;
use crate::api::problem::Problem;
use crate::api::resources::path_id;
use crate::api::state::AppState;
use crate::db::jobs;
use crate::domain::{Milestone, ScheduleId, Who};

/// What a run had reached at one moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProgressPoint)]
pub struct PointDocument {
    /// Seconds since the solve began.
    seconds: f64,
    /// Best values of tiers 1 to 3 by then; null before the first roster.
    incumbent: Option<[i64; 3]>,
    /// Proven bounds of tiers 1 to 3 by then; null before the first proof.
    bound: Option<[i64; 3]>,
}

impl From<&Milestone> for PointDocument {
    fn from(milestone: &Milestone) -> Self {
        Self {
            seconds: u32::try_from(milestone.millis).map_or(f64::from(u32::MAX), f64::from) / 1000.0,
            incumbent: milestone.incumbent.map(|values| values.0),
            bound: milestone.bound.map(|values| values.0),
        }
    }
}

/// The course of the schedule's latest run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RunProgress, example = json!({
    "run": "jo-1", "points": [{"seconds": 0.8, "incumbent": [3300, 9800, 1400], "bound": null},
        {"seconds": 2.1, "incumbent": [3300, 9130, 1056], "bound": [3300, 8093, 742]}]
}))]
pub struct ProgressDocument {
    /// Id of the run; null for a version that no run has made.
    run: Option<String>,
    /// Each moment at which a value or a bound was another one, in order of time; at most 240, evenly left out of a long
    /// run.
    points: Vec<PointDocument>,
}

/// Answers how the schedule's latest run came to its values and bounds, also after it has ended.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "The course of the run", body = ProgressDocument), GetErrors,
))]
#[get("/schedules/{id}/progress")]
pub async fn get_schedule_progress(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<ProgressDocument>, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let job = state
        .read(move |conn| {
            schedule_for(&who, conn, &id)?;
            jobs::latest(conn, &id)
        })
        .await?;
    // What this process knows of a running solve and the database does not yet.
    let fresh = job.as_ref().filter(|job| !job.status.is_final()).and_then(|job| state.planner.board.get(&job.id));
    let trail = fresh.map(|progress| progress.trail).or_else(|| job.as_ref().map(|job| job.trail.clone()));
    Ok(web::Json(ProgressDocument {
        run: job.map(|job| job.id.to_string()),
        points: trail.unwrap_or_default().milestones().iter().map(PointDocument::from).collect(),
    }))
}
