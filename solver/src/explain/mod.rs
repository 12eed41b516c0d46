//! Reasons in words: why a need is unmet, and which pins contradict the rules.

pub mod pins;
pub mod unmet;
