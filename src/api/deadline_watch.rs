//! The watch over deadlines of cases, while the server runs.

use std::time::Duration;

use actix_web::web;

use super::state::AppState;
use crate::cases::watch::{Swept, sweep};

/// Pause between sweeps. Deadlines are days, so that a few minutes more do not matter, and a sweep that finds nothing
/// costs one query.
const PAUSE: Duration = Duration::from_mins(10);

/// Sweeps until the server stops.
pub async fn watch_deadlines(state: web::Data<AppState>) {
    loop {
        let (db, clock) = (state.db.clone(), state.clock.clone());
        match web::block(move || sweep(&db, &*clock)).await {
            Ok(Ok(swept)) if swept == Swept::default() => {}
            Ok(Ok(swept)) => tracing::info!(
                warned = swept.warned,
                stepped_up = swept.stepped_up,
                overdue = swept.overdue,
                "deadlines of cases"
            ),
            Ok(Err(error)) => tracing::error!(%error, "the deadlines of cases could not be watched"),
            Err(error) => tracing::error!(%error, "the watch over deadlines was cut off"),
        }
        tokio::select! {
            () = state.stopping.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
