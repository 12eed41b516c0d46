//! Documents and the demo: what is read, what is refused, and that the demo city has the size it claims.

mod cli;
mod demo;
mod errors;
mod example;
mod schema;
