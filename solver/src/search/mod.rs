//! How rosters are found and bounds proven: linear programmes, integer sub-problems, parts and shared people.

mod certificate;
mod circulation;
mod city;
pub mod exact;
mod finish;
pub mod linear_solver;
mod loads;
mod neighbours;
mod part_search;
pub mod programmes;
mod receptions;
mod rooms;
mod rounding;
mod stopping;
mod watch;
mod weeks;

pub use certificate::{PartProof, Proven, combine};
pub use city::{City, CityResult, Proofs};
pub use finish::Finished;
pub use part_search::{PartResult, Relaxation, multipliers_by_tier, prove, search};
pub use watch::Watch;
