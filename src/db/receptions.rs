//! Receptions with their deputies, by date and id.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor, dated_cursor};
use super::record::{check, crud, record, restore};
use super::shapes::children;
use super::units::{only_visible, station_ids_within, visible_units};
use super::{Connection, DbResult, Tx, schema, units};
use crate::domain::{PersonId, Reception, ReceptionId, ReceptionStatus, StationId, UnitId, Visible};

const KIND: &str = "reception";

record! {
    receptions, Reception, ReceptionRow {
        id: String,
        title: String,
        station: String,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        slot_minutes: i64,
        per_slot: i64,
        venue: Option<String>,
        host: Option<String>,
        status: String,
        announced_at: Option<NaiveDateTime>,
        moved_from: Option<NaiveDate>,
        moved_because: Option<String>,
        recorded_at: Option<NaiveDateTime>,
        handover_due: NaiveDate,
        version: i64,
    }
    besides { deputies }
}

crud!(receptions, Reception, ReceptionId, ReceptionRow, children: deputies);

children! {
    deputies: Reception.deputies, of ReceptionId,
    reception_deputies by reception_id, 2 columns,
    read reception_deputies::person_id, as String,
    |row| restore(row, "reception_deputies", "person_id")?,
    write |reception, person| (
        reception_deputies::reception_id.eq(reception.id.store()),
        reception_deputies::person_id.eq(person.store()),
    )
}

/// The reception, into which no other transaction books until this one ends.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`] when somebody edits it at the same moment.
pub fn lock(tx: &mut Tx<'_>, id: &ReceptionId) -> DbResult<Reception> {
    let reception = get(tx, id)?;
    expect_version(tx, id, reception.version)?;
    Ok(reception)
}

/// Receptions by id; those that do not exist are left out.
///
/// # Errors
/// Those of the connection.
pub fn of_ids(conn: &mut Connection, ids: &[&str]) -> DbResult<Vec<Reception>> {
    use schema::receptions as t;

    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let rows: Vec<ReceptionRow> = on!(&mut *conn, c => {
            t::table.filter(t::id.eq_any(chunk)).order(t::id).select(ReceptionRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows.into_iter().map(ReceptionRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    deputies::load(conn, &mut found)?;
    Ok(found)
}

/// Replaces what a plan decides about receptions, of each its day, hours, room, host and deputies, with few statements.
/// Each carries the version that is stored.
///
/// # Errors
/// As for one, [`DbError::NotFound`] and [`DbError::Stale`] among them; then none is replaced.
pub fn replan_many(tx: &mut Tx<'_>, receptions: &[Reception]) -> DbResult<()> {
    use schema::{reception_deputies as d, receptions as t};

    for reception in receptions {
        check(reception, KIND, reception.id.as_str())?;
    }
    for chunk in receptions.chunks(rows_per_insert(ReceptionRow::COLUMNS)) {
        let ids: Vec<&str> = chunk.iter().map(|reception| reception.id.as_str()).collect();
        expect_versions(tx, chunk, &ids)?;
        let mut rows: Vec<ReceptionRow> = chunk.iter().map(ReceptionRow::store).collect();
        for row in &mut rows {
            row.version += 1;
        }
        on!(&mut **tx, c => {
            diesel::insert_into(t::table)
                .values(&rows)
                .on_conflict(t::id)
                .do_update()
                .set((
                    t::date.eq(excluded(t::date)),
                    t::start_minute.eq(excluded(t::start_minute)),
                    t::end_minute.eq(excluded(t::end_minute)),
                    t::venue.eq(excluded(t::venue)),
                    t::host.eq(excluded(t::host)),
                    t::moved_from.eq(excluded(t::moved_from)),
                    t::moved_because.eq(excluded(t::moved_because)),
                    t::handover_due.eq(excluded(t::handover_due)),
                    t::version.eq(excluded(t::version)),
                ))
                .execute(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
        on!(&mut **tx, c => diesel::delete(d::table.filter(d::reception_id.eq_any(&ids))).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
        deputies::save(tx, chunk)?;
    }
    Ok(())
}

/// Fails unless each has the version that is stored, and locks their rows until the transaction ends.
fn expect_versions(tx: &mut Tx<'_>, receptions: &[Reception], ids: &[&str]) -> DbResult<()> {
    use schema::receptions as t;

    let find = t::table.filter(t::id.eq_any(ids)).order(t::id).select((t::id, t::version));
    let stored: Vec<(String, i64)> = match &mut **tx {
        Connection::Sqlite(c) => find.load(c),
        Connection::Postgresql(c) => find.for_update().load(c),
    }
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let stored: HashMap<String, i64> = stored.into_iter().collect();
    for reception in receptions {
        let id = reception.id.as_str();
        let actual = stored.get(id).copied().ok_or_else(|| DbError::not_found(KIND, id))?;
        if actual != reception.version {
            return Err(DbError::Stale { kind: KIND, id: id.to_owned(), expected: reception.version, actual });
        }
    }
    Ok(())
}

/// Which receptions a list holds.
#[derive(Debug, Clone, Default)]
pub struct ReceptionFilter {
    /// Only at stations in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only at this station.
    pub station: Option<StationId>,
    /// Only of this deputy.
    pub deputy: Option<PersonId>,
    /// Only this status.
    pub status: Option<ReceptionStatus>,
    /// Only this date or later.
    pub from: Option<NaiveDate>,
    /// Only this date or earlier.
    pub to: Option<NaiveDate>,
}

/// Who may know of receptions before the public does.
#[derive(Debug, Clone)]
pub struct Insider {
    /// Where every reception is known.
    pub visible: Visible,
    /// Who knows those at which they are deputy or host.
    pub person: Option<PersonId>,
}

/// A page of receptions, by date, start and id.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &ReceptionFilter, page: &Page) -> DbResult<Slice<Reception>> {
    list_for(conn, filter, &Insider { visible: Visible::Everything, person: None }, page)
}

/// As [`list`], without receptions that the reader may not know of yet.
///
/// # Errors
/// As [`list`].
pub fn list_for(
    conn: &mut Connection,
    filter: &ReceptionFilter,
    insider: &Insider,
    page: &Page,
) -> DbResult<Slice<Reception>> {
    use schema::{reception_deputies as d, receptions as t};

    let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<3>()?.map(dated_cursor).transpose()?;
    let rows: Vec<ReceptionRow> = on!(&mut *conn, c => {
        let mut query = t::table.select(ReceptionRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(t::station.eq_any(station_ids_within!(range)));
        }
        only_visible!(query, page, station t::station);
        if let Insider { visible: Visible::Subtrees(paths), person } = insider {
            use schema::stations;
            let own = person.as_ref().map_or("", PersonId::as_str);
            let known =
                stations::table.filter(stations::unit.eq_any(visible_units!(paths))).select(stations::id);
            query = query.filter(
                t::status
                    .ne(ReceptionStatus::Planned.as_str())
                    .or(t::station.eq_any(known))
                    .or(t::host.eq(own))
                    .or(t::id.eq_any(d::table.filter(d::person_id.eq(own)).select(d::reception_id))),
            );
        }
        if let Some(station) = &filter.station {
            query = query.filter(t::station.eq(station.as_str()));
        }
        if let Some(deputy) = &filter.deputy {
            query = query.filter(
                t::id.eq_any(d::table.filter(d::person_id.eq(deputy.as_str())).select(d::reception_id)),
            );
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
    let mut items = rows.into_iter().map(ReceptionRow::restore).collect::<DbResult<Vec<_>>>()?;
    deputies::load(conn, &mut items)?;
    Ok(Slice::cut(items, page, |reception: &Reception| {
        cursor(&[&reception.date.to_string(), &reception.start_minute.to_string(), reception.id.as_str()])
    }))
}

/// Receptions on a date at which one of these people is deputy or host and which take place, by start.
///
/// # Errors
/// Those of the connection.
pub fn of_people_on(conn: &mut Connection, people: &[PersonId], date: NaiveDate) -> DbResult<Vec<Reception>> {
    use schema::{reception_deputies as d, receptions as t};

    let ids: Vec<&str> = people.iter().map(PersonId::as_str).collect();
    let rows: Vec<ReceptionRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::date.eq(date))
            .filter(t::status.eq_any([ReceptionStatus::Announced.as_str(), ReceptionStatus::Held.as_str()]))
            .filter(
                t::id
                    .eq_any(d::table.filter(d::person_id.eq_any(&ids)).select(d::reception_id))
                    .or(t::host.eq_any(&ids)),
            )
            .order((t::start_minute, t::id))
            .select(ReceptionRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(ReceptionRow::restore).collect::<DbResult<Vec<_>>>()?;
    deputies::load(conn, &mut items)?;
    Ok(items)
}

/// The receptions between two dates, inclusive, that may still take place and name a person as deputy or host.
///
/// # Errors
/// Those of the connection.
pub fn naming(conn: &mut Connection, person: &PersonId, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<Reception>> {
    use schema::{reception_deputies as d, receptions as t};

    let rows: Vec<ReceptionRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::date.between(from, to))
            .filter(t::status.eq_any([ReceptionStatus::Planned.as_str(), ReceptionStatus::Announced.as_str()]))
            .filter(
                t::id
                    .eq_any(d::table.filter(d::person_id.eq(person.as_str())).select(d::reception_id))
                    .or(t::host.eq(person.as_str())),
            )
            .order((t::date, t::start_minute, t::id))
            .select(ReceptionRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(ReceptionRow::restore).collect::<DbResult<Vec<_>>>()?;
    deputies::load(conn, &mut items)?;
    Ok(items)
}

/// How many receptions with a status each deputy has between two dates, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn count_by_deputy(
    conn: &mut Connection,
    status: ReceptionStatus,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<(String, i64)>> {
    use schema::{reception_deputies as d, receptions as t};

    on!(conn, c => {
        d::table
            .inner_join(t::table.on(t::id.eq(d::reception_id)))
            .filter(t::status.eq(status.as_str()).and(t::date.between(from, to)))
            .group_by(d::person_id)
            .order(d::person_id)
            .select((d::person_id, diesel::dsl::count_star()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}

/// How many receptions with a status each station has between two dates, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn count_by_station(
    conn: &mut Connection,
    status: ReceptionStatus,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<(String, i64)>> {
    use schema::receptions as t;

    on!(conn, c => {
        t::table
            .filter(t::status.eq(status.as_str()).and(t::date.between(from, to)))
            .group_by(t::station)
            .order(t::station)
            .select((t::station, diesel::dsl::count_star()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}
