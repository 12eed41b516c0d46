//! What happened to resources, in the order of its being said: what a replan reads.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{check, record};
use super::schema::resource_events as t;
use super::units::visible_units;
use super::{Connection, DbResult, Tx};
use crate::domain::{ResourceEvent, ResourceId, Visible};

const KIND: &str = "resource event";

record! {
    resource_events, ResourceEvent, EventRow {
        id: String,
        at: NaiveDateTime,
        kind: String,
        resource: String,
        booking: Option<String>,
        from_date: NaiveDate,
        to_date: Option<NaiveDate>,
        actor: String,
        reason: String,
    }
}

/// Which events a list holds.
#[derive(Debug, Clone, Default)]
pub struct ResourceEventFilter {
    /// Only about this resource.
    pub resource: Option<ResourceId>,
    /// Only about days from this one on.
    pub from: Option<NaiveDate>,
    /// Only about days up to this one.
    pub to: Option<NaiveDate>,
}

/// A page of events, by id, which is their order in time.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, filter: &ResourceEventFilter, page: &Page) -> DbResult<Slice<ResourceEvent>> {
    let after = page.cursor_parts::<1>()?;
    let rows: Vec<EventRow> = on!(conn, c => {
        let mut query = t::table.select(EventRow::as_select()).into_boxed();
        if let Visible::Subtrees(paths) = &page.visible {
            use super::schema::{bookings, resources};
            let owned = resources::table.filter(resources::unit.eq_any(visible_units!(paths))).select(resources::id);
            let used = bookings::table
                .filter(bookings::unit.eq_any(visible_units!(paths)))
                .select(bookings::id.nullable());
            query = query.filter(t::resource.eq_any(owned).or(t::booking.eq_any(used)));
        }
        if let Some(resource) = &filter.resource {
            query = query.filter(t::resource.eq(resource.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(t::to_date.is_null().or(t::to_date.ge(from)));
        }
        if let Some(to) = filter.to {
            query = query.filter(t::from_date.le(to));
        }
        if let Some([id]) = after {
            query = query.filter(t::id.gt(id));
        }
        query.order(t::id).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(EventRow::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |event: &ResourceEvent| cursor(&[event.id.as_str()])))
}

/// Adds events, in the transaction of what they tell of.
///
/// # Errors
/// [`DbError::Invalid`] when one has faults.
pub fn insert_many(tx: &mut Tx<'_>, events: &[ResourceEvent]) -> DbResult<()> {
    for event in events {
        check(event, KIND, event.id.as_str())?;
    }
    for chunk in events.chunks(rows_per_insert(EventRow::COLUMNS)) {
        let rows: Vec<EventRow> = chunk.iter().map(EventRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}
