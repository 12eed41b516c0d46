//! The database on both backends. Run through scripts/with-postgres.sh: without a PostgreSQL server the tests fail.

mod catalogue;
mod doors;
mod make;
mod parity;
mod people;
mod plans;
mod support;
mod units;
