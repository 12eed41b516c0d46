//! How rosters are found and bounds proven: linear programmes, integer sub-problems, parts and shared people.

mod certificate;
mod city;
pub mod exact;
pub mod linear_solver;
mod part_search;
mod rounding;
mod stopping;
pub(crate) mod weeks;

pub use certificate::{PartProof, Proven, combine};
pub use city::{City, CityResult, Proofs, Watch};
pub use part_search::{PartResult, Relaxation, prove, search};
