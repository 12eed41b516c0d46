//! A published roster after something has happened: the proven least number of people changed with tier 1 at its
//! optimum, then the best quality that leaves.
//!
//! - [`events`]: what can happen, applied to a problem.
//! - [`least_change`]: the replan of one street; everything outside it stays.

pub mod events;
pub mod least_change;
mod narrow;
mod residents;

#[cfg(test)]
mod tests;

pub use events::{Event, apply, streets_touched};
pub use least_change::{ReplanOptions, Replanned, replan_street};
