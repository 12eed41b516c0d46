//! The REST interface over real sockets, one binary. Each test has its own server and its own database: SQLite in a
//! temporary directory; or a database of PostgreSQL with `PAIBAN_TEST_API_ON=postgresql` and the server that
//! scripts/with-postgres.sh starts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unused_async,
    reason = "a test fails by panicking"
)]

mod access;
mod app;
mod bodies;
mod calendar_feeds;
mod cases;
mod changes;
mod errors;
mod exchange;
mod happenings;
mod listening;
mod moving;
mod network;
mod notices;
mod office;
mod openapi;
mod planning;
mod platform;
mod publishing;
mod questions;
mod receptions;
mod reports;
mod rights;
mod scripted_week;
mod service;
mod sharing;
mod sinks;
mod staffed;
mod stopping;
mod tables;
mod visiting;
