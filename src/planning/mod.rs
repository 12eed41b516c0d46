//! Use cases of planning.
//!
//! - [`assemble`]: entities of a week to the solver's problem document.
//! - [`demo_load`]: a demo city into the database.
//! - [`generate`]: demand templates to the posts of dates.
//! - [`week`]: a schedule to its problem, from the database.
//! - [`keep`]: a roster back to the database.

pub mod assemble;
pub mod demo_load;
pub mod generate;
pub mod keep;
pub mod week;
