//! `paiban serve`: opens the database, listens, answers until Ctrl-C or SIGTERM.

use std::sync::Arc;

use clap::Args;

use super::logging;
use crate::api::application::Sources;
use crate::api::{Application, StopHandle};
use crate::config::{Settings, SettingsArgs};
use crate::db::{Db, DbError};
use crate::domain::{SystemClock, SystemEntropy};

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
        let application = Application::build(&settings, db, system_sources())?;
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

/// Prints the address and answers until a signal comes.
pub(super) async fn serve(application: Application, settings: &Settings) -> anyhow::Result<()> {
    println!("listening on http://{}:{}", display_host(settings), application.port());
    println!("loopback only: there are no accounts yet, so other machines are refused. Stop with Ctrl-C.");
    let stop = application.stop_handle();
    actix_web::rt::spawn(stop_on_signal(stop));
    application.run_until_stopped().await?;
    Ok(())
}

fn display_host(settings: &Settings) -> String {
    match settings.listen.ip() {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

async fn stop_on_signal(stop: StopHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tracing::error!("cannot listen for SIGTERM");
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    stop.stop().await;
}
