//! Use cases of planning.
//!
//! - [`assemble`]: entities of a week to the solver's problem document.
//! - [`generate`]: demand templates to the posts of dates.
//! - [`week`]: a schedule to its problem, from the database.
//! - [`keep`]: a roster back to the database.

pub mod assemble;
pub mod generate;
pub mod keep;
pub mod week;
