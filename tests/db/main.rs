//! The database on both backends. Run through scripts/with-postgres.sh: without a PostgreSQL server the tests fail.

mod doors;
mod make;
mod parity;
mod people;
mod support;
mod units;
