//! API keys, by id; found by the hash of the key.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{Stored, childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema};
use crate::domain::{AccountId, ApiKey, ApiKeyId, KeyScope};
use schema::api_keys as t;

const KIND: &str = "API key";

record! {
    api_keys, ApiKey, ApiKeyRow {
        id: String,
        account: String,
        name: String,
        hash: String,
        scopes: String,
        created_at: chrono::NaiveDateTime,
        expires_at: Option<chrono::NaiveDateTime>,
        revoked_at: Option<chrono::NaiveDateTime>,
        used_at: Option<chrono::NaiveDateTime>,
        version: i64,
    }
}

/// Words separated by spaces.
impl Stored<String> for Vec<KeyScope> {
    fn store(&self) -> String {
        self.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn restore(column: String) -> Option<Self> {
        column.split(' ').map(KeyScope::parse).collect()
    }
}

crud!(api_keys, ApiKey, ApiKeyId, ApiKeyRow, children: childless);

/// Which keys a list holds.
#[derive(Debug, Clone, Default)]
pub struct ApiKeyFilter {
    /// Only of this account.
    pub account: Option<AccountId>,
}

list_by_id! {
    /// A page of keys, by id.
    api_keys, ApiKey, ApiKeyRow, ApiKeyFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(account) = &filter.account {
            query = query.filter(t::account.eq(account.as_str()));
        }
    }
}

/// The key with this hash.
///
/// # Errors
/// Those of the connection.
pub fn by_hash(conn: &mut Connection, hash: &str) -> DbResult<Option<ApiKey>> {
    let row: Option<ApiKeyRow> =
        on!(conn, c => t::table.filter(t::hash.eq(hash)).select(ApiKeyRow::as_select()).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(ApiKeyRow::restore).transpose()
}

/// Remembers when a key was last used; this is no edit and leaves the version.
///
/// # Errors
/// Those of the connection.
pub fn touch(tx: &mut Tx<'_>, id: &ApiKeyId, now: DateTime<Utc>) -> DbResult<()> {
    on!(&mut **tx, c => diesel::update(t::table.find(id.as_str())).set(t::used_at.eq(now.store())).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
