//! Person columns: roster lines priced exactly per person, joined by a linear master, for general rostering (long
//! horizons, sequences, skills, weekends).
//!
//! [`solve_columns`] is the entry. [`form`] translates the problem, [`network`] holds what one person may do, [`pricing`]
//! finds cheapest lines, [`generate`] runs masters and pricing in turn, [`bound`] proves, [`dive`] and [`enumerate`]
//! make whole rosters of columns, [`local`] and [`neighbourhoods`] search around the best one.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "positions, days and scaled costs are bounded when the networks are built"
)]

pub mod bound;
mod branch;
pub mod dive;
mod engine;
pub mod enumerate;
mod first;
pub mod form;
pub mod generate;
pub mod lines;
pub mod list;
pub mod local;
pub mod master;
pub mod neighbourhoods;
pub mod network;
mod options;
pub mod part;
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
