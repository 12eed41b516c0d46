//! Notifications on their way, by id, which is their order in time.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::{Stored as _, childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema, units};
use crate::domain::{ChannelId, Delivery, DeliveryStatus, UnitId, Visible};
use schema::outbox as t;

const KIND: &str = "delivery";

record! {
    outbox, Delivery, DeliveryRow {
        id: String,
        channel: String,
        event: String,
        person: Option<String>,
        once: String,
        subject: String,
        body: String,
        status: String,
        attempts: i64,
        due_at: chrono::NaiveDateTime,
        error: Option<String>,
        created_at: chrono::NaiveDateTime,
        sent_at: Option<chrono::NaiveDateTime>,
        version: i64,
    }
}

crud!(outbox, Delivery, DeliveryId, DeliveryRow, children: childless);

/// Which deliveries a list holds.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Only by channels of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only by this channel.
    pub channel: Option<ChannelId>,
    /// Only so far.
    pub status: Option<DeliveryStatus>,
}

list_by_id! {
    /// A page of deliveries, by id.
    outbox, Delivery, DeliveryRow, DeliveryFilter, children: childless,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        use schema::channels;
        if let Visible::Subtrees(paths) = &page.visible {
            let seen = units::visible_units!(paths).select(schema::units::id.nullable());
            let kept = channels::table.filter(channels::unit.eq_any(seen)).select(channels::id);
            query = query.filter(t::channel.eq_any(kept));
        }
        if let Some(range) = &range {
            let within = units::ids_within!(range).select(schema::units::id.nullable());
            query = query.filter(t::channel.eq_any(
                channels::table.filter(channels::unit.eq_any(within)).select(channels::id),
            ));
        }
        if let Some(channel) = &filter.channel {
            query = query.filter(t::channel.eq(channel.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
    }
}

/// Writes notifications, but for those that have been written before.
///
/// # Errors
/// Those of the connection.
pub fn write(tx: &mut Tx<'_>, deliveries: Vec<Delivery>) -> DbResult<usize> {
    let mut known: HashSet<String> = HashSet::new();
    for chunk in deliveries.chunks(IDS_PER_QUERY) {
        let keys: Vec<&str> = chunk.iter().map(|delivery| delivery.once.as_str()).collect();
        let rows: Vec<String> = on!(&mut **tx, c => t::table.filter(t::once.eq_any(&keys)).select(t::once).load(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        known.extend(rows);
    }
    let fresh: Vec<Delivery> = deliveries.into_iter().filter(|delivery| known.insert(delivery.once.clone())).collect();
    insert_many(tx, &fresh)?;
    Ok(fresh.len())
}

/// Notifications whose time has come, the oldest first.
///
/// # Errors
/// Those of the connection.
pub fn due(conn: &mut Connection, now: DateTime<Utc>, most: i64) -> DbResult<Vec<Delivery>> {
    let rows: Vec<DeliveryRow> = on!(conn, c => {
        t::table
            .filter(t::status.eq(DeliveryStatus::Queued.as_str()).and(t::due_at.le(now.store())))
            .order((t::due_at, t::id))
            .limit(most)
            .select(DeliveryRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(DeliveryRow::restore).collect()
}

/// How many messages a channel has sent since a time; what went out together counts once.
///
/// # Errors
/// Those of the connection.
pub fn sent_since(conn: &mut Connection, channel: &ChannelId, since: DateTime<Utc>) -> DbResult<usize> {
    let rows: Vec<Option<chrono::NaiveDateTime>> = on!(conn, c => {
        t::table
            .filter(t::channel.eq(channel.as_str()).and(t::sent_at.gt(since.store())))
            .select(t::sent_at)
            .distinct()
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(rows.len())
}

/// Removes notifications that were sent or given up before a time.
///
/// # Errors
/// Those of the connection.
pub fn delete_before(tx: &mut Tx<'_>, time: DateTime<Utc>) -> DbResult<usize> {
    let find = t::table.filter(t::created_at.lt(time.store()).and(t::status.ne(DeliveryStatus::Queued.as_str())));
    on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}
