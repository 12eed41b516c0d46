//! What handlers share.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::db::Db;
use crate::domain::{Clock, Entropy};

/// Shared by all handlers of one application.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub entropy: Arc<dyn Entropy>,
    /// Cancelled when the server begins to shut down; ends open event streams.
    pub stopping: CancellationToken,
}
