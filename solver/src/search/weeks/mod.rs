//! Person-weeks: exact weeks of single people, the bounds they give and the rosters they improve.

mod ascent;
mod bench;
mod bound;
mod city;
mod desk;
mod improve;
mod person;
mod price;
mod prove;
mod roster;
mod town;

#[cfg(test)]
mod tests;

pub use bound::StageBounds;
