//! Reasons, repairs, prices and replacements: what a roster cannot say by itself.
//!
//! - [`street`]: one street as a small problem; [`scene`]: a roster and the exact effect of changes.
//! - [`unmet`]: why a need is unmet and what mends it; [`fill`]: who could take a duty.
//! - [`prices`]: what rules cost; [`stages`]: tier after tier with proven bounds.
//! - [`plan`]: the best roster of a street, with proofs.
//! - [`receptions`]: why receptions are not held, and hosts who are needed elsewhere.
//! - [`pins`]: pins that contradict tier 0; [`compare`]: two rosters side by side.

pub mod compare;
pub mod fill;
pub mod pins;
pub mod plan;
pub mod prices;
pub mod receptions;
pub mod scene;
pub mod stages;
pub mod street;
pub mod unmet;

#[cfg(test)]
mod tests;
