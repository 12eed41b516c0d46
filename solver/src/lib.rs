//! Rostering solver: a pure library without I/O. `solve(&Problem, &Options, &dyn Observer) -> Outcome`.
//!
//! - [`problem`]: the plain data and the rule catalogue.
//! - [`check`]: the independent judge of rosters.
//! - [`roster`]: what a solve returns; [`control`]: how a caller steers it.

pub mod check;
pub mod control;
pub mod formats;
pub mod problem;
pub mod roster;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
