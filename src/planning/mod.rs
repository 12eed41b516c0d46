//! Use cases of planning.
//!
//! - [`assemble`]: entities of a week to the solver's problem document.

pub mod assemble;
