//! paiban: rosters for a network of community-service stations, each with a proof of how good it is.
//!
//! - [`domain`]: ids, entities, clock; no database, JSON or HTTP.
//! - [`demo`]: an invented city of realistic size, the same for the same seed.
//! - [`db`]: SQLite and PostgreSQL behind one read and one write door.
//! - [`cases`]: residents' cases from intake to report.
//! - [`planning`]: from entities to a problem, a run and a stored roster.
//! - [`reception`]: deputies' reception days from plan to record.
//! - [`html`]: what pages need whoever makes them.
//! - [`sharing`]: venues, vehicles, goods and money that units share.
//! - [`api`]: the REST interface.
//! - [`config`]: settings from flags, environment and file.
//! - [`web`]: the files of the web app.
//! - [`cli`]: one file per subcommand.

pub mod accounts;
pub mod api;
pub mod cases;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod housekeeping;
pub mod html;
pub mod notify;
pub mod planning;
pub mod reception;
pub mod sharing;
pub mod web;
