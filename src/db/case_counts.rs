//! Counts of cases for reports: one grouped query each, nothing loaded.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::cases::OPEN;
use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{Stored, restore};
use super::schema::cases as t;
use super::units::ids_within;
use super::{Connection, DbResult, units};
use crate::domain::{CaseStatus, Satisfaction, UnitId};

const KIND: &str = "case";

/// What cases are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountBy {
    /// Unit that took them in.
    Unit,
    /// Channel.
    Channel,
    /// Category; the empty text for cases without.
    Category,
}

/// Cases that came in from a moment on and before another, at units of a subtree.
#[derive(Debug, Clone)]
pub struct CountScope {
    /// Root of the subtree.
    pub subtree: UnitId,
    /// First moment.
    pub from: DateTime<Utc>,
    /// First moment no longer counted.
    pub until: DateTime<Utc>,
}

/// How many cases share a key and a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseCount {
    /// Unit code, channel or category.
    pub key: String,
    /// Where they stand.
    pub status: CaseStatus,
    /// What residents said.
    pub satisfaction: Option<Satisfaction>,
    /// Whether they have gone up.
    pub has_gone_up: bool,
    /// Whether they were taken up again.
    pub was_reopened: bool,
    /// How many.
    pub cases: i64,
}

/// Cases by key, status, satisfaction, steps up and reopenings.
///
/// # Errors
/// [`DbError::NotFound`] when the subtree does not exist.
pub fn by_state(conn: &mut Connection, scope: &CountScope, by: CountBy) -> DbResult<Vec<CaseCount>> {
    let range = units::subtree(conn, &scope.subtree)?;
    let (from, until) = (scope.from.store(), scope.until.store());
    macro_rules! count {
        ($c:ident, $key:expr) => {
            t::table
                .filter(t::received_at.ge(from).and(t::received_at.lt(until)))
                .filter(t::intake_unit.eq_any(ids_within!(range)))
                .group_by(($key, t::status, t::satisfaction, t::level, t::reopened))
                .order(($key, t::status, t::satisfaction, t::level, t::reopened))
                .select(($key, t::status, t::satisfaction, t::level, t::reopened, count_star()))
                .load($c)
        };
    }
    let rows: Vec<KeyedRow<Option<String>>> = match by {
        CountBy::Unit => on!(conn, c => count!(c, t::intake_unit)).map(some_keys),
        CountBy::Channel => on!(conn, c => count!(c, t::channel)).map(some_keys),
        CountBy::Category => on!(conn, c => count!(c, t::category)),
    }
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(key, status, satisfaction, level, reopened, cases)| {
            Ok(CaseCount {
                key: key.unwrap_or_default(),
                status: restore(status, "cases", "status")?,
                satisfaction: restore(satisfaction, "cases", "satisfaction")?,
                has_gone_up: level > 0,
                was_reopened: reopened > 0,
                cases,
            })
        })
        .collect()
}

type KeyedRow<K> = (K, String, Option<String>, i64, i64, i64);

fn some_keys(rows: Vec<KeyedRow<String>>) -> Vec<KeyedRow<Option<String>>> {
    rows.into_iter().map(|(key, a, b, c, d, e)| (Some(key), a, b, c, d, e)).collect()
}

/// Key, last day of a timely answer, answer.
type Answered<K> = (K, NaiveDate, chrono::NaiveDateTime);

/// Of each answered case its key, the last day of a timely answer, and when the answer came.
///
/// # Errors
/// [`DbError::NotFound`] when the subtree does not exist.
pub fn responses(
    conn: &mut Connection,
    scope: &CountScope,
    by: CountBy,
) -> DbResult<Vec<(String, NaiveDate, DateTime<Utc>)>> {
    let range = units::subtree(conn, &scope.subtree)?;
    let (from, until) = (scope.from.store(), scope.until.store());
    macro_rules! answered {
        ($c:ident, $key:expr) => {
            t::table
                .filter(t::received_at.ge(from).and(t::received_at.lt(until)))
                .filter(t::intake_unit.eq_any(ids_within!(range)))
                .filter(t::responded_at.is_not_null())
                .order(t::id)
                .select(($key, t::response_due, t::responded_at.assume_not_null()))
                .load($c)
        };
    }
    let keyed = |rows: Vec<Answered<String>>| rows.into_iter().map(|(key, due, at)| (Some(key), due, at)).collect();
    let rows: Vec<Answered<Option<String>>> = match by {
        CountBy::Unit => on!(conn, c => answered!(c, t::intake_unit)).map(keyed),
        CountBy::Channel => on!(conn, c => answered!(c, t::channel)).map(keyed),
        CountBy::Category => on!(conn, c => answered!(c, t::category)),
    }
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.into_iter().map(|(key, due, at)| (key.unwrap_or_default(), due, at.and_utc())).collect())
}

/// Open cases whose deadline has passed, by key.
///
/// # Errors
/// [`DbError::NotFound`] when the subtree does not exist.
pub fn overdue(
    conn: &mut Connection,
    scope: &CountScope,
    by: CountBy,
    today: NaiveDate,
) -> DbResult<Vec<(String, i64)>> {
    let range = units::subtree(conn, &scope.subtree)?;
    let (from, until) = (scope.from.store(), scope.until.store());
    macro_rules! late {
        ($c:ident, $key:expr) => {
            t::table
                .filter(t::received_at.ge(from).and(t::received_at.lt(until)))
                .filter(t::intake_unit.eq_any(ids_within!(range)))
                .filter(t::deadline.lt(today).and(t::status.eq_any(OPEN)))
                .group_by($key)
                .order($key)
                .select(($key, count_star()))
                .load($c)
        };
    }
    let keyed = |rows: Vec<(String, i64)>| rows.into_iter().map(|(key, cases)| (Some(key), cases)).collect();
    let rows: Vec<(Option<String>, i64)> = match by {
        CountBy::Unit => on!(conn, c => late!(c, t::intake_unit)).map(keyed),
        CountBy::Channel => on!(conn, c => late!(c, t::channel)).map(keyed),
        CountBy::Category => on!(conn, c => late!(c, t::category)),
    }
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.into_iter().map(|(key, cases)| (key.unwrap_or_default(), cases)).collect())
}
