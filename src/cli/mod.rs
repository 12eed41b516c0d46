//! The command line: one file per subcommand.

mod logging;
mod openapi;
mod serve;

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
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command; errors go to stderr, and the exit code is 2 for wrong settings and 1 for everything else.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Serve(args) => serve::run(args),
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
