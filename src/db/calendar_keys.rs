//! Secret addresses of calendars, by id; found by the hash of the secret.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, schema};
use crate::domain::{AccountId, CalendarKey, PersonId};
use schema::calendar_keys as t;

const KIND: &str = "calendar key";

record! {
    calendar_keys, CalendarKey, CalendarKeyRow {
        id: String,
        hash: String,
        name: String,
        account: Option<String>,
        person: Option<String>,
        station: Option<String>,
        created_at: chrono::NaiveDateTime,
        revoked_at: Option<chrono::NaiveDateTime>,
        version: i64,
    }
}

crud!(calendar_keys, CalendarKey, CalendarKeyId, CalendarKeyRow, children: childless);

/// Which keys a list holds.
#[derive(Debug, Clone, Default)]
pub struct CalendarKeyFilter {
    /// Only those that this account made.
    pub account: Option<AccountId>,
    /// Only of this person's duties.
    pub person: Option<PersonId>,
}

list_by_id! {
    /// A page of keys, by id.
    calendar_keys, CalendarKey, CalendarKeyRow, CalendarKeyFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(account) = &filter.account {
            query = query.filter(t::account.eq(account.as_str()));
        }
        if let Some(person) = &filter.person {
            query = query.filter(t::person.eq(person.as_str()));
        }
    }
}

/// The key with this hash.
///
/// # Errors
/// Those of the connection.
pub fn by_hash(conn: &mut Connection, hash: &str) -> DbResult<Option<CalendarKey>> {
    let row: Option<CalendarKeyRow> =
        on!(conn, c => t::table.filter(t::hash.eq(hash)).select(CalendarKeyRow::as_select()).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(CalendarKeyRow::restore).transpose()
}
