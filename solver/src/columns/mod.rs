//! Person columns: roster lines priced exactly per person, joined by a linear master, for general rostering (long
//! horizons, sequences, skills, weekends).
//!
//! [`solve_columns`] is the entry. [`form`] translates the problem, [`network`] holds what one person may do, [`pricing`]
//! finds cheapest lines, [`generate`] runs masters and pricing in turn, [`bound`] proves, [`dive`] and [`enumerate`]
//! make whole rosters of columns, [`improve`] searches around the best one.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "positions, days and scaled costs are bounded when the networks are built"
)]

pub mod bound;
pub mod dive;
mod engine;
pub mod enumerate;
pub mod form;
pub mod generate;
pub mod improve;
pub mod list;
pub mod master;
pub mod network;
mod options;
pub mod pool;
pub mod pricing;
pub mod random;
mod runs;
pub mod tree;
pub mod volume;

pub use engine::{Unsolved, solve_columns};
pub use random::Random;

#[cfg(test)]
mod tests;
