//! `paiban worker`: works the queue of planning runs and serves nothing.

use std::sync::Arc;

use clap::Args;

use super::logging;
use super::say::say;
use super::serve::{Signals, coded, open_database, system_sources, worker_name};
use crate::config::{Settings, SettingsArgs};
use crate::planning::progress::Board;
use crate::planning::queue::{Listener, Queue};

/// Options of `paiban worker`.
#[derive(Debug, Args)]
pub(super) struct WorkerArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// End when no run waits or is being solved any more
    #[arg(long)]
    drain: bool,
}

/// The log says what a server's metrics would count.
struct Logged;

impl Listener for Logged {
    fn running(&self, runs: usize) {
        tracing::debug!(runs, "runs being solved");
    }

    fn finished(&self, state: &str) {
        tracing::debug!(state, "a run ended");
    }
}

pub(super) fn run(args: WorkerArgs) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings)?;
    logging::start(settings.log_format, "info");
    let db = open_database(&settings)?;
    let sources = system_sources();
    let name = worker_name(&*sources.entropy);
    let queue =
        Queue::start(db.clone(), sources.clock, Arc::new(Board::default()), Arc::new(Logged), &name, settings.runners)?;
    say!("working the queue of {} with {} run(s) at a time", settings.database_url, settings.runners);
    if !db.is_postgresql() {
        say!("SQLite: workers and servers must run on the machine that holds the file. Stop with Ctrl-C.");
    }
    if args.drain {
        queue.drain().map_err(coded)?;
    } else {
        actix_web::rt::System::new().block_on(async { Signals::new().come().await });
        tracing::info!("stopping");
    }
    // Abandoned runs go back into the queue.
    queue.close();
    Ok(())
}
