//! Use cases of planning.
//!
//! - [`assemble`]: entities of a week to the solver's problem document.
//! - [`generate`]: demand templates to the posts of dates.
//! - [`week`]: a schedule to its problem, from the database; [`keep`]: a roster back to the database.
//! - `outreach`: open cases as a plan decides about them; [`settle`]: what it decided, carried out on publication.
//! - `hearings`: receptions as a plan decides about them, [`proposals`]: those that quotas ask for; [`receive`]: what it decided, written on publication.
//! - `standing`: what still stands of both when something has happened since.
//! - [`request`]: asking for a plan; [`queue`]: working plans off; [`progress`]: how far runs have come.
//! - [`street`]: streets of a stored schedule; [`least_change`]: replanned after something has happened;
//!   [`questions`]: the threads that answer while somebody waits.
//! - [`judge`]: which rules a change would break; [`service`]: declining, claiming and swapping duties in force;
//!   [`moved`]: who goes along when a post has another place or time;
//!   [`follow`]: what follows for records, calendars and [`notices`] when a roster in force changes.
//! - [`publish`]: a roster in force; [`take_back`]: what it has written to receptions and visits goes back;
//!   [`history`]: what it leaves in the ledger for later weeks.
//! - [`demo_load`]: a demo city into the database.
//! - [`iso_week`]: how weeks are written.

pub mod assemble;
pub mod demo_load;
pub mod follow;
pub mod generate;
mod hearings;
pub mod history;
pub mod iso_week;
pub mod judge;
pub mod keep;
pub mod least_change;
pub mod moved;
pub mod notices;
mod outreach;
pub mod owed_visits;
pub mod progress;
pub mod proposals;
pub mod publish;
pub mod questions;
pub mod queue;
pub mod receive;
pub mod request;
pub mod service;
mod sessions;
pub mod settle;
mod standing;
pub mod street;
pub mod take_back;
mod visiting;
pub mod visits;
pub mod week;
