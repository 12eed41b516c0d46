//! `paiban serve`: opens the database, listens, answers until Ctrl-C or SIGTERM.

use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::logging;
use super::say::say;
use crate::accounts::ensure_administrator;
use crate::accounts::sign_in::FIRST_ADMINISTRATOR;
use crate::api::application::Sources;
use crate::api::{Application, StopHandle};
use crate::config::{Settings, SettingsArgs};
use crate::db::{Db, DbError};
use crate::domain::{Entropy, SystemClock, SystemEntropy};

/// Options of `paiban serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    settings: SettingsArgs,
}

pub(super) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings)?;
    logging::start(settings.log_format, "info");
    let db = open_database(&settings)?;
    actix_web::rt::System::new().block_on(async move {
        let sources = system_sources();
        welcome(&db, &settings, &sources)?;
        let application = Application::build(&settings, db, sources)?;
        serve(application, &settings).await
    })
}

/// An error of the database with its code, for the terminal.
#[expect(clippy::needless_pass_by_value, reason = "used as the argument of map_err")]
pub(super) fn coded(error: DbError) -> anyhow::Error {
    anyhow::anyhow!("error[{}]: {error}", error.code())
}

/// Opens the database and makes it when it is a file that is missing.
pub(super) fn open_unmigrated(settings: &Settings) -> anyhow::Result<Db> {
    Db::open(settings.database_url.expose()).map_err(coded)
}

/// Opens the database and brings its schema up to date.
pub(super) fn open_database(settings: &Settings) -> anyhow::Result<Db> {
    let db = open_unmigrated(settings)?;
    let applied = db.migrate().map_err(coded)?;
    if !applied.is_empty() {
        tracing::info!(migrations = applied.len(), database = %settings.database_url, "schema brought up to date");
    }
    Ok(db)
}

/// The machine's clock and randomness.
pub(super) fn system_sources() -> Sources {
    Sources { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::new()) }
}

/// Makes the first administrator, unless there are accounts or nobody signs in, and prints the one-time password.
pub(super) fn welcome(db: &Db, settings: &Settings, sources: &Sources) -> anyhow::Result<()> {
    if settings.open {
        return Ok(());
    }
    if !settings.listen.ip().is_loopback() && !settings.https {
        tracing::warn!(
            "passwords and cookies travel unprotected: put a proxy with HTTPS in front and start with --https"
        );
    }
    if let Some(password) = ensure_administrator(db, &*sources.clock, &*sources.entropy).map_err(coded)? {
        say!("first start: sign in as {FIRST_ADMINISTRATOR} with the one-time password {password}");
        say!("it is shown this once, and has to be changed at the first sign-in");
    }
    Ok(())
}

/// Prints the address and answers until a signal comes.
pub(super) async fn serve(application: Application, settings: &Settings) -> anyhow::Result<()> {
    // Signals are heeded from before the address is told: who reads it may stop the server at once.
    let signals = Signals::new();
    actix_web::rt::spawn(stop_on_signal(signals, application.stop_handle()));
    if settings.open {
        say!("open: no signing in, and loopback only: other machines are refused. Stop with Ctrl-C.");
    } else {
        say!("people sign in; without accounts and on this machine alone: --open. Stop with Ctrl-C.");
    }
    say!("listening on http://{}:{}", display_host(settings), application.port());
    application.run_until_stopped().await?;
    Ok(())
}

fn display_host(settings: &Settings) -> String {
    match settings.listen.ip() {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

async fn stop_on_signal(signals: Signals, stop: StopHandle) {
    signals.come().await;
    tracing::info!("stopping");
    stop.stop().await;
}

/// Ctrl-C and SIGTERM, heeded from when this is made.
pub(super) struct Signals {
    interrupt: std::io::Result<Signal>,
    terminate: std::io::Result<Signal>,
}

impl Signals {
    /// Heeds the signals; needs a runtime.
    pub(super) fn new() -> Self {
        Self { interrupt: signal(SignalKind::interrupt()), terminate: signal(SignalKind::terminate()) }
    }

    /// Returns when one comes.
    pub(super) async fn come(mut self) {
        async fn one(signal: &mut std::io::Result<Signal>) {
            match signal {
                Ok(signal) => drop(signal.recv().await),
                Err(error) => {
                    tracing::error!(%error, "a signal cannot be listened for");
                    std::future::pending::<()>().await;
                }
            }
        }
        tokio::select! {
            () = one(&mut self.interrupt) => {}
            () = one(&mut self.terminate) => {}
        }
    }
}

/// Tells this process's workers from those of others, and from an earlier process with the same id.
pub(super) fn worker_name(entropy: &dyn Entropy) -> String {
    format!("{}-{:08x}", std::process::id(), entropy.next_u64() & 0xffff_ffff)
}
