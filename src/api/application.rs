//! Building, running and stopping the server.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use actix_web::{HttpServer, web};
use tokio_util::sync::CancellationToken;

use super::access::Doors;
use super::changes::{Wire, tell_changes};
use super::deadline_watch::watch_deadlines;
use super::metrics::Metrics;
use super::router::app;
use super::state::{AppState, Planner};
use crate::config::Settings;
use crate::db::Db;
use crate::domain::{Clock, Entropy};
use crate::housekeeping::Housekeeping;
use crate::planning::progress::Board;
use crate::planning::questions::Desk;
use crate::planning::queue::{Listener, Queue};

/// Why the server cannot start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not allowed.
    #[error(
        "error[listen-failed]: cannot listen on {address}: {cause}; choose another --listen address or stop what uses it"
    )]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// Something that does not depend on the user.
    #[error("error[start-failed]: {0}")]
    Internal(String),
}

/// Counts runs in the metrics.
struct Counting(web::Data<Metrics>);

impl Listener for Counting {
    fn running(&self, runs: usize) {
        self.0.set_running(runs);
    }

    fn finished(&self, state: &str) {
        self.0.count_finished(state);
    }
}

/// What time and chance come from.
#[derive(Clone)]
pub struct Sources {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub entropy: Arc<dyn Entropy>,
}

/// A server that listens and has not begun to answer.
pub struct Application {
    port: u16,
    server: Server,
    stopping: CancellationToken,
    planner: Arc<Planner>,
    state: web::Data<AppState>,
    housekeeping: Housekeeping,
}

/// Stops a running application from elsewhere.
#[derive(Clone)]
pub struct StopHandle {
    server: ServerHandle,
    stopping: CancellationToken,
}

impl StopHandle {
    /// Ends event streams, lets open requests finish, and returns when the server has stopped.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.server.stop(true).await;
    }
}

impl Application {
    /// Opens the listener; port 0 lets the system choose one.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn build(settings: &Settings, db: Db, sources: Sources) -> Result<Self, StartError> {
        let listener = TcpListener::bind(settings.listen)
            .map_err(|cause| StartError::Listen { address: settings.listen, cause })?;
        let port = listener.local_addr().map_err(|error| StartError::Internal(error.to_string()))?.port();
        let metrics = web::Data::new(Metrics::new().map_err(|error| StartError::Internal(error.to_string()))?);
        let stopping = CancellationToken::new();
        let board = Arc::new(Board::default());
        let queue = Queue::start(
            db.clone(),
            Arc::clone(&sources.clock),
            Arc::clone(&board),
            Arc::new(Counting(metrics.clone())),
            // The number after the process id tells a process from an earlier one with the same id.
            &format!("{}-{:08x}", std::process::id(), sources.entropy.next_u64() & 0xffff_ffff),
            settings.runners,
        )
        .map_err(|error| StartError::Internal(error.to_string()))?;
        let desk = Desk::start(settings.runners).map_err(|error| StartError::Internal(error.to_string()))?;
        let planner = Arc::new(Planner { queue, board, desk });
        let housekeeping = Housekeeping::start(
            db.clone(),
            Arc::clone(&sources.clock),
            Arc::clone(&sources.entropy),
            settings.housekeeping_seconds,
        )
        .map_err(|error| StartError::Internal(error.to_string()))?;
        let state = web::Data::new(AppState {
            db,
            clock: sources.clock,
            entropy: sources.entropy,
            planner: Arc::clone(&planner),
            queue_limit: settings.queue_limit,
            doors: Arc::new(Doors::new(settings)),
            wire: Wire::default(),
            stopping: stopping.clone(),
        });
        let served = state.clone();
        let server = HttpServer::new(move || app(served.clone(), metrics.clone()))
            .workers(settings.http_workers)
            .shutdown_timeout(settings.shutdown_seconds)
            .disable_signals()
            .listen(listener)
            .map_err(|error| StartError::Internal(error.to_string()))?
            .run();
        Ok(Self { port, server, stopping, planner, state, housekeeping })
    }

    /// The port it listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The queue and the progress of its runs.
    #[must_use]
    pub fn planner(&self) -> &Planner {
        &self.planner
    }

    /// What stops it.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle { server: self.server.handle(), stopping: self.stopping.clone() }
    }

    /// Answers requests until stopped.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let watch = actix_web::rt::spawn(watch_deadlines(self.state.clone()));
        let teller = actix_web::rt::spawn(tell_changes(self.state));
        let served = self.server.await;
        watch.abort();
        teller.abort();
        let planner = self.planner;
        let mut housekeeping = self.housekeeping;
        // Abandoned runs go back into the queue, for the next start or another process.
        actix_web::rt::task::spawn_blocking(move || {
            planner.desk.close();
            housekeeping.close();
            planner.queue.close();
        })
        .await?;
        served
    }
}
