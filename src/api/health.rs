//! Liveness and readiness.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::openapi::{ReadyErrors, StaticErrors};
use super::problem::{Code, Problem};
use super::state::AppState;

/// That the server is well.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"status": "ok", "version": "0.1.0"}))]
pub struct Health {
    /// Always `ok`; anything else is a problem document.
    pub status: &'static str,
    /// Version of the program.
    pub version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Says that the process answers.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Alive", body = Health), StaticErrors))]
#[get("/healthz")]
pub async fn get_health() -> web::Json<Health> {
    web::Json(OK)
}

/// Says whether requests can be served: the database answers and the server is not shutting down.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Ready", body = Health), ReadyErrors))]
#[get("/readyz")]
pub async fn get_ready(state: web::Data<AppState>) -> Result<web::Json<Health>, Problem> {
    if state.stopping.is_cancelled() {
        return Err(Problem::new(Code::ShuttingDown));
    }
    state.check_database().await?;
    Ok(web::Json(OK))
}
