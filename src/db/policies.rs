//! Service policies of units; the nearest one above counts.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{check, record};
use super::schema::service_policies as t;
use super::{Connection, DbResult, Tx, units};
use crate::domain::{ServicePolicy, UnitId};

const KIND: &str = "service policy";

record! {
    service_policies, ServicePolicy, PolicyRow {
        unit: String,
        swap_mode: String,
        availability_weekday: i64,
        availability_minute: i64,
        check_in_before_minutes: i64,
        check_in_after_minutes: i64,
        quiet_from_minute: i64,
        quiet_to_minute: i64,
        reminder_hours: i64,
        open_alert_hours: i64,
        version: i64,
    }
}

/// The policy of exactly this unit.
///
/// # Errors
/// Those of the connection.
pub fn find(conn: &mut Connection, unit: &UnitId) -> DbResult<Option<ServicePolicy>> {
    let row: Option<PolicyRow> =
        on!(conn, c => t::table.find(unit.as_str()).select(PolicyRow::as_select()).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(PolicyRow::restore).transpose()
}

/// What holds for a unit: its own policy, that of the nearest unit above, or the usual one.
///
/// # Errors
/// [`DbError::NotFound`] when the unit does not exist.
pub fn effective(conn: &mut Connection, unit: &UnitId) -> DbResult<ServicePolicy> {
    let mut above = units::ancestors(conn, unit)?;
    above.push(unit.clone());
    for unit in above.iter().rev() {
        if let Some(policy) = find(conn, unit)? {
            return Ok(policy);
        }
    }
    Ok(ServicePolicy::usual(unit.clone()))
}

/// Stores a unit's policy whose stored version, 0 for none, is the given one's, and answers the new version.
///
/// # Errors
/// [`DbError::Invalid`], [`DbError::Stale`].
pub fn put(tx: &mut Tx<'_>, policy: &ServicePolicy) -> DbResult<i64> {
    check(policy, KIND, policy.unit.as_str())?;
    let actual = find(tx, &policy.unit)?.map_or(0, |stored| stored.version);
    if actual != policy.version {
        let (id, expected) = (policy.unit.to_string(), policy.version);
        return Err(DbError::Stale { kind: KIND, id, expected, actual });
    }
    let mut row = PolicyRow::store(policy);
    row.version += 1;
    let done = if actual == 0 {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&row).execute(c))
    } else {
        on!(&mut **tx, c => diesel::update(t::table.find(policy.unit.as_str())).set(&row).execute(c))
    };
    done.map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    Ok(row.version)
}
