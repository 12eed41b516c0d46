//! Models: who may serve what ([`candidates`]), and the compact integer programme of a part ([`part`]), one file per
//! group of rules.

pub mod candidates;
pub mod cases;
mod conflicts;
mod cover;
pub mod labels;
mod limits;
pub mod linear;
mod obligations;
pub mod part;
pub mod person_rules;
mod quality;
mod receptions;
mod runs;
pub mod settings;
