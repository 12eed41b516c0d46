//! The database on both backends. Run through scripts/with-postgres.sh: without a PostgreSQL server the tests fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::assigning_clones,
    clippy::cloned_ref_to_slice_refs,
    reason = "tests fail by panicking"
)]

mod cases;
mod catalogue;
mod doors;
mod make;
mod parity;
mod people;
mod planned_receptions;
mod plans;
mod queue;
mod support;
mod take_back;
mod units;
