//! Which demo data the database holds.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::Stored;
use super::schema::demo_loads as t;
use super::{Connection, DbResult, Tx};

const KIND: &str = "demo data";

/// Demo data that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLoad {
    /// Preset.
    pub preset: String,
    /// Seed.
    pub seed: u64,
    /// Monday of the week that its history leads up to.
    pub week_start: NaiveDate,
    /// When.
    pub loaded_at: DateTime<Utc>,
}

/// What was loaded, the first load first.
///
/// # Errors
/// Those of the connection.
pub fn all(conn: &mut Connection) -> DbResult<Vec<DemoLoad>> {
    let rows: Vec<(String, String, NaiveDate, chrono::NaiveDateTime)> =
        on!(conn, c => t::table.order((t::loaded_at, t::preset, t::seed)).load(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(preset, seed, week_start, loaded_at)| {
            let seed =
                seed.parse().map_err(|_| DbError::Corrupt { table: "demo_loads", column: "seed", value: seed })?;
            Ok(DemoLoad { preset, seed, week_start, loaded_at: loaded_at.and_utc() })
        })
        .collect()
}

/// Remembers a load.
///
/// # Errors
/// [`DbError::Conflict`] when the same was loaded before.
pub fn insert(tx: &mut Tx<'_>, load: &DemoLoad) -> DbResult<()> {
    on!(&mut **tx, c => {
        diesel::insert_into(t::table)
            .values((
                t::preset.eq(&load.preset),
                t::seed.eq(load.seed.to_string()),
                t::week_start.eq(load.week_start),
                t::loaded_at.eq(load.loaded_at.store()),
            ))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Renews the statistics by which queries are planned, after a change of much data.
///
/// # Errors
/// Those of the connection.
pub fn analyze(tx: &mut Tx<'_>) -> DbResult<()> {
    on!(&mut **tx, c => c.batch_execute("ANALYZE")).map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
