//! Shared resources as use cases: booking, lending, withdrawing, activities. Every use of a resource, by hand or by a
//! plan, goes through [`booking::book`], so that there is one calendar and one user at a time.

pub mod activity;
pub mod base;
pub mod booking;
pub mod lending;
pub mod withdrawal;
