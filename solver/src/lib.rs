//! Rostering solver: a pure library without I/O. `solve(&Problem, &Options, &dyn Observer) -> Outcome`.
//!
//! - [`problem`]: the plain data and the rule catalogue.
//! - [`roster`]: what a solve returns; [`control`]: how a caller steers it.

pub mod columns;
pub mod control;
pub mod problem;
pub mod roster;
