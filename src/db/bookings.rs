//! Bookings of resources, by date, start and id: one calendar for people and plans.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor, dated_cursor};
use super::record::{childless, crud, record};
use super::units::{ids_within, visible_units};
use super::{Connection, DbResult, schema, units};
use crate::domain::{ActivityId, Booking, BookingStatus, ReceptionId, ResourceId, UnitId, Visible};

const KIND: &str = "booking";

record! {
    bookings, Booking, BookingRow {
        id: String,
        resource: String,
        unit: String,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        quantity: i64,
        purpose: String,
        activity: Option<String>,
        reception: Option<String>,
        source: String,
        status: String,
        version: i64,
    }
}

crud!(bookings, Booking, BookingId, BookingRow, children: childless);

/// Which bookings a list holds.
#[derive(Debug, Clone, Default)]
pub struct BookingFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only of this resource.
    pub resource: Option<ResourceId>,
    /// Only for this activity.
    pub activity: Option<ActivityId>,
    /// Only for this reception.
    pub reception: Option<ReceptionId>,
    /// Only this status.
    pub status: Option<BookingStatus>,
    /// Only this date or later.
    pub from: Option<NaiveDate>,
    /// Only this date or earlier.
    pub to: Option<NaiveDate>,
}

/// A page of bookings, by date, start and id.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &BookingFilter, page: &Page) -> DbResult<Slice<Booking>> {
    use schema::bookings as t;

    let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<3>()?.map(dated_cursor).transpose()?;
    let rows: Vec<BookingRow> = on!(conn, c => {
        let mut query = t::table.select(BookingRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(t::unit.eq_any(ids_within!(range)));
        }
        if let Visible::Subtrees(paths) = &page.visible {
            use schema::resources;
            let owned = resources::table.filter(resources::unit.eq_any(visible_units!(paths))).select(resources::id);
            query = query.filter(t::unit.eq_any(visible_units!(paths)).or(t::resource.eq_any(owned)));
        }
        if let Some(resource) = &filter.resource {
            query = query.filter(t::resource.eq(resource.as_str()));
        }
        if let Some(activity) = &filter.activity {
            query = query.filter(t::activity.eq(activity.as_str()));
        }
        if let Some(reception) = &filter.reception {
            query = query.filter(t::reception.eq(reception.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(t::date.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(t::date.le(to));
        }
        if let Some((date, start, id)) = after {
            query = query.filter(
                t::date.gt(date).or(t::date
                    .eq(date)
                    .and(t::start_minute.gt(start).or(t::start_minute.eq(start).and(t::id.gt(id))))),
            );
        }
        query.order((t::date, t::start_minute, t::id)).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(BookingRow::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |booking: &Booking| {
        cursor(&[&booking.date.to_string(), &booking.start_minute.to_string(), booking.id.as_str()])
    }))
}

/// The bookings of a resource that stand between two dates, inclusive, by date and start.
///
/// # Errors
/// Those of the connection.
pub fn standing(
    conn: &mut Connection,
    resource: &ResourceId,
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> DbResult<Vec<Booking>> {
    use schema::bookings as t;

    let rows: Vec<BookingRow> = on!(conn, c => {
        let mut query = t::table
            .filter(t::resource.eq(resource.as_str()))
            .filter(t::status.eq(BookingStatus::Booked.as_str()))
            .filter(t::date.ge(from))
            .select(BookingRow::as_select())
            .into_boxed();
        if let Some(to) = to {
            query = query.filter(t::date.le(to));
        }
        query.order((t::date, t::start_minute, t::id)).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(BookingRow::restore).collect()
}

/// The bookings of some resources that stand between two dates, inclusive, by resource, date and start.
///
/// # Errors
/// Those of the connection.
pub fn standing_of(
    conn: &mut Connection,
    resources: &[&str],
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Booking>> {
    use schema::bookings as t;

    let mut found = Vec::new();
    for chunk in resources.chunks(IDS_PER_QUERY) {
        let rows: Vec<BookingRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::resource.eq_any(chunk))
                .filter(t::status.eq(BookingStatus::Booked.as_str()))
                .filter(t::date.between(from, to))
                .order((t::resource, t::date, t::start_minute, t::id))
                .select(BookingRow::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for row in rows {
            found.push(row.restore()?);
        }
    }
    Ok(found)
}

/// How much of a resource is booked on all days together.
///
/// # Errors
/// Those of the connection.
pub fn used_up(conn: &mut Connection, resource: &ResourceId) -> DbResult<u64> {
    use schema::bookings as t;

    let quantities: Vec<i64> = on!(conn, c => {
        t::table
            .filter(t::resource.eq(resource.as_str()).and(t::status.eq(BookingStatus::Booked.as_str())))
            .order(t::id)
            .select(t::quantity)
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(quantities.into_iter().filter_map(|quantity| u64::try_from(quantity).ok()).sum())
}
