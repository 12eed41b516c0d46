//! The database on both backends. Run through scripts/with-postgres.sh: without a PostgreSQL server the tests fail.

mod make;
mod people;
mod support;
mod units;
