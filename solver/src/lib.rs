//! Rostering solver: a pure library without I/O. `solve(&Problem, &Options, &dyn Observer) -> Outcome`.
//!
//! - [`problem`]: the plain data and the rule catalogue.
//! - [`document`]: problems and rosters as JSON.
//! - [`solve`](solve()): the engine; [`model`] and [`search`] are its parts.
//! - [`check`]: the independent judge of rosters.
//! - [`formats`]: published benchmark files, translated.
//! - [`roster`]: what a solve returns; [`control`]: how a caller steers it.

pub mod check;
pub mod columns;
pub mod control;
pub mod document;
pub mod explain;
pub mod formats;
pub mod model;
pub mod problem;
pub mod replan;
pub mod roster;
pub mod search;
mod solve;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use solve::{Infeasible, solve};
