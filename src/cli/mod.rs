//! The command line: one file per subcommand.

mod logging;
mod migrate;
mod openapi;
mod roster_table;
mod serve;
mod start;
mod summary;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Rosters for a network of community-service stations, each with a proof of how good it is.
#[derive(Debug, Parser)]
#[command(name = "paiban", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the REST interface until Ctrl-C
    Serve(serve::ServeArgs),
    /// Load the demo network if the database is empty, plan its week, print it, then serve it until Ctrl-C
    Start(start::StartArgs),
    /// Bring the database's schema up to date
    Migrate(migrate::MigrateArgs),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command; errors go to stderr, and the exit code is 2 for wrong settings and 1 for everything else.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Start(args) => start::run(args),
        Command::Migrate(args) => migrate::run(args),
        Command::Openapi => openapi::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            let wrong_settings = error.downcast_ref::<crate::config::ConfigError>().is_some();
            ExitCode::from(if wrong_settings { 2 } else { 1 })
        }
    }
}
