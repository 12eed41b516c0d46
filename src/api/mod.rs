//! The REST interface: one router function for production and tests, and one file per resource.

pub mod access;
pub mod application;
pub mod boundary;
pub mod cases;
pub mod changes;
pub mod channels;
pub mod database;
pub mod deadline_watch;
pub mod deliveries;
pub mod demo_data;
pub mod etag;
pub mod exchange;
pub mod extract;
pub mod health;
pub mod idempotency;
pub mod lang;
pub mod metrics;
pub mod openapi;
pub mod paging;
pub mod print;
pub mod problem;
pub mod receptions;
pub mod refusals;
pub mod reports;
pub mod resources;
pub mod router;
pub mod schedules;
pub mod service;
pub mod sharing;
pub mod state;

pub use application::{Application, StartError, StopHandle};
