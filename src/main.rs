//! The `paiban` program.

use std::process::ExitCode;

use clap::Parser as _;
use paiban::cli::Cli;

fn main() -> ExitCode {
    paiban::cli::run(Cli::parse())
}
