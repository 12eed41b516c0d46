//! Where notifications go, by id; and how people want to be told.

use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema};
use crate::domain::{Channel, NoticeWish, PersonId};

const KIND: &str = "channel";

record! {
    channels, Channel, ChannelRow {
        id: String,
        unit: Option<String>,
        name: String,
        kind: String,
        target: String,
        secret: Option<String>,
        sender: Option<String>,
        recipient: Option<String>,
        private_allowed: bool,
        enabled: bool,
        version: i64,
    }
}

crud!(channels, Channel, ChannelId, ChannelRow, children: childless);

/// Nothing narrows the list of channels but what its reader sees.
#[derive(Debug, Clone, Default)]
pub struct ChannelFilter {}

list_by_id! {
    /// A page of channels, by id.
    channels, Channel, ChannelRow, ChannelFilter, children: childless,
    prepare |conn, _filter| {},
    narrow |query, page| {
        if let crate::domain::Visible::Subtrees(paths) = &page.visible {
            let seen = crate::db::units::visible_units!(paths).select(schema::units::id.nullable());
            query = query.filter(schema::channels::unit.eq_any(seen));
        }
    }
}

/// Every channel that is used, by id.
///
/// # Errors
/// Those of the connection.
pub fn enabled(conn: &mut Connection) -> DbResult<Vec<Channel>> {
    use schema::channels as t;

    let rows: Vec<ChannelRow> =
        on!(conn, c => t::table.filter(t::enabled.eq(true)).order(t::id).select(ChannelRow::as_select()).load(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(ChannelRow::restore).collect()
}

record! {
    notice_wishes, NoticeWish, WishRow {
        person: String,
        mail: Option<String>,
        by_mail: bool,
        by_sms: bool,
        version: i64,
    }
}

/// What some people wish, in no order.
///
/// # Errors
/// Those of the connection.
pub fn wishes(conn: &mut Connection, people: &[PersonId]) -> DbResult<Vec<NoticeWish>> {
    use schema::notice_wishes as t;

    let mut all = Vec::new();
    for chunk in people.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let rows: Vec<WishRow> = on!(&mut *conn, c => {
            t::table.filter(t::person.eq_any(&ids)).order(t::person).select(WishRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, "notice wish", Verb::Read))?;
        for row in rows {
            all.push(row.restore()?);
        }
    }
    Ok(all)
}

/// Stores what a person wishes.
///
/// # Errors
/// Those of the connection.
pub fn put_wish(tx: &mut Tx<'_>, wish: &NoticeWish) -> DbResult<()> {
    use schema::notice_wishes as t;

    let row = WishRow::store(wish);
    on!(&mut **tx, c => {
        diesel::delete(t::table.find(wish.person.as_str()))
            .execute(c)
            .and_then(|_| diesel::insert_into(t::table).values(&row).execute(c))
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, "notice wish", Verb::Store))
}
