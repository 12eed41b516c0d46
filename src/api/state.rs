//! What handlers share.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::access::Doors;
use super::changes::Wire;
use crate::db::Db;
use crate::domain::{Clock, Entropy};
use crate::planning::progress::Board;
use crate::planning::questions::Desk;
use crate::planning::queue::Queue;

/// The queue and what it tells.
pub struct Planner {
    /// Threads that solve.
    pub queue: Queue,
    /// Progress of the runs of this process.
    pub board: Arc<Board>,
    /// Threads that answer while somebody waits.
    pub desk: Desk,
}

/// Shared by all handlers of one application.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub entropy: Arc<dyn Entropy>,
    /// Runs of this process.
    pub planner: Arc<Planner>,
    /// Planning runs that may wait.
    pub queue_limit: usize,
    /// Who is let in, and how.
    pub doors: Arc<Doors>,
    /// What tells open pages of changes.
    pub wire: Wire,
    /// Cancelled when the server begins to shut down; ends open event streams.
    pub stopping: CancellationToken,
}
