//! Shared resources: the lists of needs, resources and projects, loans, bookings, activities, and what happened.

pub mod activities;
pub mod bookings;
pub mod loans;
pub mod needs;
pub mod projects;
pub mod resources;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    resources::configure(config);
    resources::configure_moves(config);
    loans::configure(config);
    bookings::configure(config);
    activities::configure(config);
    needs::configure(config);
    projects::configure(config);
}

/// Why something is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = GiveUp, example = json!({"reason": "活动改期"}))]
pub struct GiveUp {
    /// Why.
    pub reason: String,
}
