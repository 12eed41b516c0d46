//! The command line: one file per subcommand.
//!
//! Exit codes: 0 done; 1 the work could not be done, or a roster breaks tier 0 or is not what it claims to be; 2 wrong
//! usage, settings or input.

mod account;
mod audit;
mod cases;
mod cases_line;
mod check;
mod demo;
mod diff;
mod explain;
mod files;
mod input;
mod loaded;
mod logging;
mod measure;
mod migrate;
mod openapi;
mod prices;
mod progress;
mod replacements;
mod replan;
mod roster_table;
mod say;
mod schema;
mod serve;
mod solve;
mod start;
mod summary;
mod what_if;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Input that the program refuses: coded lines, ready to print. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(String);

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
    /// Work the queue of planning runs until Ctrl-C, without serving anything
    Worker(worker::WorkerArgs),
    /// Load the demo network if the database is empty, plan its week, print it, then serve it until Ctrl-C
    Start(start::StartArgs),
    /// Bring the database's schema up to date
    Migrate(migrate::MigrateArgs),
    /// Work with residents' cases: list, sweep, report
    Cases(cases::CasesArgs),
    /// Make a demo city: its week as a problem document, its data in a database, or both
    Demo(demo::DemoArgs),
    /// Make a roster for a problem file and prove how good it is
    Solve(solve::SolveArgs),
    /// Judge a roster: exit code 0 only when every rule of tier 0 holds
    Check(check::CheckArgs),
    /// Say why needs are unmet, who is near, and what would mend them
    Explain(explain::ExplainArgs),
    /// Say what rules cost: shadow prices, exact one-unit relaxations, the price of fairness
    Prices(prices::PricesArgs),
    /// Rank the people who could take a duty, with the exact change of every tier
    Replacements(replacements::ReplacementsArgs),
    /// Repair a roster after events, with the proven least number of people changed
    Replan(replan::ReplanArgs),
    /// Plan a patched copy of a problem and compare it with the original
    WhatIf(what_if::WhatIfArgs),
    /// Compare two rosters of a problem
    Diff(diff::DiffArgs),
    /// Time replacements and replans on a planned network
    Measure(measure::MeasureArgs),
    /// Let somebody in again whose password is lost
    Account(account::AccountArgs),
    /// Check the audit trail
    Audit(audit::AuditArgs),
    /// Print the JSON schemas of problem and roster documents
    Schema(schema::SchemaArgs),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command; errors go to stderr as `error[code]: ...`.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let done = |()| ExitCode::SUCCESS;
    let result = match cli.command {
        Command::Serve(args) => serve::run(args).map(done),
        Command::Worker(args) => worker::run(args).map(done),
        Command::Demo(args) => demo::run(args).map(done),
        Command::Cases(args) => cases::run(args).map(done),
        Command::Solve(args) => solve::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Prices(args) => prices::run(&args),
        Command::Replacements(args) => replacements::run(&args),
        Command::Replan(args) => replan::run(&args),
        Command::WhatIf(args) => what_if::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Measure(args) => measure::run(&args),
        Command::Account(args) => account::run(args).map(done),
        Command::Audit(args) => audit::run(args),
        Command::Schema(args) => schema::run(&args).map(done),
        Command::Start(args) => start::run(args).map(done),
        Command::Migrate(args) => migrate::run(args).map(done),
        Command::Openapi => openapi::run().map(done),
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        let refused = error.is::<BadInput>() || error.is::<crate::config::ConfigError>();
        ExitCode::from(if refused { 2 } else { 1 })
    })
}
