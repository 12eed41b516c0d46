//! paiban: rosters for a network of community-service stations, each with a proof of how good it is.
//!
//! - [`domain`]: ids, entities and their checks.
//! - [`db`]: SQLite or PostgreSQL behind two doors.

pub mod db;
pub mod domain;
