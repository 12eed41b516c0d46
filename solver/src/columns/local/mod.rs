//! Fast local search on whole rosters: blocks of days are exchanged between two people or replanned for one, and only
//! the days that change are counted again. The rules of one day after the other always hold; counters over the horizon
//! (minutes, duties of a type, weekends) and greatest heads may be overstepped on the way, at a price.
//!
//! [`tables`] lays the networks out for quick steps, [`draft`] is a roster that knows what a change costs, [`moves`]
//! and [`replan`] propose changes, [`search`] accepts them.

pub mod draft;
pub mod moves;
pub mod replan;
pub mod search;
pub mod tables;

#[cfg(test)]
mod tests;
