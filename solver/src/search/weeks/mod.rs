//! Person-weeks: exact weeks of single people, the bounds they give and the rosters they improve.

mod bound;
mod city;
mod desk;
mod improve;
mod person;
mod price;
mod street;

#[cfg(test)]
mod tests;

pub use bound::StageBounds;
pub(crate) use person::PersonWeek;
pub(crate) use price::{Scratch, Week};
