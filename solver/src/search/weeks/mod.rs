//! Person-weeks: exact weeks of single people, the bounds they give and the rosters they improve.

mod ascent;
pub(in crate::search) mod bound;
mod chains;
mod city;
mod desk;
mod drafts;
mod flow;
mod hold;
mod improve;
mod maker;
mod pattern;
mod person;
mod price;
mod prices;
mod refine;
mod relaxed;
mod scarce;
mod street;
mod table;
mod town;
mod wider;

#[cfg(test)]
mod tests;

pub use bound::StageBounds;
pub use improve::Bench;
