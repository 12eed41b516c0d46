//! paiban: rosters for a network of community-service stations, each with a proof of how good it is.
//!
//! - [`domain`]: ids, entities and their checks.
//! - [`db`]: SQLite or PostgreSQL behind two doors.
//! - [`planning`]: from the database to the solver's problem, and from a roster back.

pub mod db;
pub mod domain;
pub mod planning;
