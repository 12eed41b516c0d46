//! Accounts with their grants, by id.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{Stored as _, crud, record, restore};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema};
use crate::domain::{Account, AccountId, Grant, PlacedGrant, Role};
use schema::accounts as t;

const KIND: &str = "account";

record! {
    accounts, Account, AccountRow {
        id: String,
        name: String,
        password_hash: String,
        must_change_password: bool,
        person: Option<String>,
        disabled: bool,
        failed_sign_ins: i64,
        locked_until: Option<chrono::NaiveDateTime>,
        created_at: chrono::NaiveDateTime,
        version: i64,
    }
    besides { grants }
}

crud!(accounts, Account, AccountId, AccountRow, children: grants);

mod grants {
    use std::collections::HashMap;

    use diesel::prelude::*;

    use super::{KIND, restore};
    use crate::db::dialect::{IDS_PER_QUERY, on, rows_per_insert};
    use crate::db::error::{DbError, DbResult, Verb};
    use crate::db::record::Stored as _;
    use crate::db::schema::account_grants as t;
    use crate::db::{Connection, Tx};
    use crate::domain::{Account, AccountId, Grant};

    type Row = (String, String, Option<String>);

    pub(super) fn load(conn: &mut Connection, accounts: &mut [Account]) -> DbResult<()> {
        for chunk in accounts.chunks_mut(IDS_PER_QUERY) {
            let ids: Vec<String> = chunk.iter().map(|account| account.id.store()).collect();
            let rows: Vec<Row> = on!(&mut *conn, c => {
                t::table
                    .filter(t::account_id.eq_any(&ids))
                    .order((t::account_id, t::position))
                    .select((t::account_id, t::role, t::unit))
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let mut by_id: HashMap<String, &mut Account> =
                chunk.iter_mut().map(|account| (account.id.store(), account)).collect();
            for (id, role, unit) in rows {
                if let Some(account) = by_id.get_mut(&id) {
                    account.grants.push(Grant {
                        role: restore(role, "account_grants", "role")?,
                        unit: restore(unit, "account_grants", "unit")?,
                    });
                }
            }
        }
        Ok(())
    }

    pub(super) fn save(tx: &mut Tx<'_>, accounts: &[Account]) -> DbResult<()> {
        let rows: Vec<_> = accounts
            .iter()
            .flat_map(|account| {
                (0_i64..).zip(&account.grants).map(move |(position, grant)| {
                    (
                        t::account_id.eq(account.id.store()),
                        t::position.eq(position),
                        t::role.eq(grant.role.store()),
                        t::unit.eq(grant.unit.store()),
                    )
                })
            })
            .collect();
        for chunk in rows.chunks(rows_per_insert(4)) {
            on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
        }
        Ok(())
    }

    pub(super) fn clear(tx: &mut Tx<'_>, id: &AccountId) -> DbResult<()> {
        on!(&mut **tx, c => diesel::delete(t::table.filter(t::account_id.eq(id.as_str()))).execute(c))
            .map(drop)
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
    }
}

/// Which accounts a list holds.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of accounts, by id. Whoever administers a subtree sees the accounts that have a grant in it.
    accounts, Account, AccountRow, AccountFilter, children: grants,
    prepare |conn, filter| {},
    narrow |query, page| {
        if let crate::domain::Visible::Subtrees(paths) = &page.visible {
            use schema::account_grants as g;
            let seen = g::table
                .filter(g::unit.eq_any(crate::db::units::visible_units!(paths).select(schema::units::id.nullable())))
                .select(g::account_id);
            query = query.filter(t::id.eq_any(seen));
        }
        if let Some(text) = &filter.name_contains {
            query = query.filter(t::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}

/// The account with this name.
///
/// # Errors
/// Those of the connection.
pub fn by_name(conn: &mut Connection, name: &str) -> DbResult<Option<Account>> {
    let row: Option<AccountRow> =
        on!(&mut *conn, c => t::table.filter(t::name.eq(name)).select(AccountRow::as_select()).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let Some(row) = row else { return Ok(None) };
    let mut entities = [row.restore()?];
    grants::load(conn, &mut entities)?;
    let [account] = entities;
    Ok(Some(account))
}

/// Whether there is no account at all.
///
/// # Errors
/// Those of the connection.
pub fn is_empty(conn: &mut Connection) -> DbResult<bool> {
    let count: i64 = on!(conn, c => t::table.count().get_result(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(count == 0)
}

/// The account's grants with the paths of their units.
///
/// # Errors
/// Those of the connection.
pub fn placed_grants(conn: &mut Connection, id: &AccountId) -> DbResult<Vec<PlacedGrant>> {
    use schema::{account_grants as g, units as u};

    type Row = (String, Option<String>, Option<String>);
    let rows: Vec<Row> = on!(conn, c => {
        g::table
            .left_join(u::table.on(g::unit.eq(u::id.nullable())))
            .filter(g::account_id.eq(id.as_str()))
            .order(g::position)
            .select((g::role, g::unit, u::path.nullable()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(role, unit, path)| {
            let role: Role = restore(role, "account_grants", "role")?;
            Ok(PlacedGrant { grant: Grant { role, unit: restore(unit, "account_grants", "unit")? }, path })
        })
        .collect()
}

/// Keeps the count of wrong passwords and the lock that follows from it; this is no edit and leaves the version.
///
/// # Errors
/// Those of the connection.
pub fn count_sign_in(
    tx: &mut Tx<'_>,
    id: &AccountId,
    failed: u32,
    locked_until: Option<DateTime<Utc>>,
) -> DbResult<()> {
    on!(&mut **tx, c => {
        diesel::update(t::table.find(id.as_str()))
            .set((t::failed_sign_ins.eq(i64::from(failed)), t::locked_until.eq(locked_until.store())))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
