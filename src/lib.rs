//! paiban: rosters for a network of community-service stations, each with a proof of how good it is.
//!
//! - [`domain`]: ids, entities and their checks.
//! - [`demo`]: an invented city of realistic size, the same for the same seed.
//! - [`planning`]: from entities to the solver's problem.
//! - [`db`]: SQLite or PostgreSQL behind two doors.

pub mod db;
pub mod demo;
pub mod domain;
pub mod planning;
