//! Person columns.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "positions, days and scaled costs are bounded when the networks are built"
)]

pub mod bound;
pub mod form;
pub mod generate;
pub mod master;
pub mod network;
mod options;
pub mod pool;
pub mod pricing;
mod runs;
