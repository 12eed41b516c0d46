//! Documents and the demo: what is read, what is refused, and that the demo city has the size it claims.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cli;
mod demo;
mod errors;
mod example;
mod questions;
mod schema;
