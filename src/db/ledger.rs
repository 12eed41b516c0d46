//! The ledger of past weeks, and the places that people know.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::record::{Stored, record};
use super::schema::{familiar_places, weekly_ledger as t};
use super::{Connection, DbResult, Tx};
use crate::domain::{LedgerWeek, PersonId, StationId};

const KIND: &str = "ledger week";

record! {
    weekly_ledger, LedgerWeek, LedgerRow {
        person: String,
        week_start: NaiveDate,
        minutes: i64,
        duties: i64,
        weekend_worked: bool,
        unsocial_duties: i64,
        consecutive_days: i64,
        consecutive_days_off: Option<i64>,
        consecutive_days_of_type: i64,
        last_shift_type: Option<String>,
        last_duty_end: Option<chrono::NaiveDateTime>,
        total_duties: i64,
        total_weekends: i64,
        fairness_minutes: i64,
        fairness_unsocial_duties: i64,
    }
}

/// A person's weeks from one Monday on, the oldest first.
///
/// # Errors
/// Those of the connection.
pub fn of_person(conn: &mut Connection, person: &PersonId, from: NaiveDate) -> DbResult<Vec<LedgerWeek>> {
    let rows: Vec<LedgerRow> = on!(conn, c => {
        t::table
            .filter(t::person.eq(person.as_str()).and(t::week_start.ge(from)))
            .order(t::week_start)
            .select(LedgerRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(LedgerRow::restore).collect()
}

/// Everybody's weeks from one Monday (inclusive) to another (exclusive), by person and week.
///
/// # Errors
/// Those of the connection.
pub fn between(conn: &mut Connection, from: NaiveDate, until: NaiveDate) -> DbResult<Vec<LedgerWeek>> {
    let rows: Vec<LedgerRow> = on!(conn, c => {
        t::table
            .filter(t::week_start.ge(from).and(t::week_start.lt(until)))
            .order((t::person, t::week_start))
            .select(LedgerRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(LedgerRow::restore).collect()
}

/// Stores weeks, in place of those stored for the same people and weeks.
///
/// # Errors
/// [`DbError::Conflict`] when a person does not exist; then none is stored.
pub fn put_many(tx: &mut Tx<'_>, weeks: &[LedgerWeek]) -> DbResult<()> {
    for chunk in weeks.chunks(rows_per_insert(LedgerRow::COLUMNS)) {
        let rows: Vec<LedgerRow> = chunk.iter().map(LedgerRow::store).collect();
        let mut mondays: Vec<NaiveDate> = rows.iter().map(|row| row.week_start).collect();
        mondays.sort_unstable();
        mondays.dedup();
        for monday in mondays {
            let people: Vec<&str> =
                rows.iter().filter(|row| row.week_start == monday).map(|row| row.person.as_str()).collect();
            let old = t::table.filter(t::week_start.eq(monday).and(t::person.eq_any(people)));
            on!(&mut **tx, c => diesel::delete(old).execute(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
        }
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Removes one week of some people.
///
/// # Errors
/// Those of the connection.
pub fn delete_week(tx: &mut Tx<'_>, people: &[PersonId], week_start: NaiveDate) -> DbResult<()> {
    for chunk in people.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let find = t::table.filter(t::week_start.eq(week_start).and(t::person.eq_any(ids)));
        on!(&mut **tx, c => diesel::delete(find).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    }
    Ok(())
}

/// The places that everybody has served at, by person and place.
///
/// # Errors
/// Those of the connection.
pub fn familiar_places(conn: &mut Connection) -> DbResult<Vec<(PersonId, StationId)>> {
    let rows: Vec<(String, String)> = on!(conn, c => {
        familiar_places::table.order((familiar_places::person, familiar_places::station)).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(person, station)| {
            Ok((
                super::record::restore(person, "familiar_places", "person")?,
                super::record::restore(station, "familiar_places", "station")?,
            ))
        })
        .collect()
}

/// Remembers that people have served at places; what is known already stays.
///
/// # Errors
/// [`DbError::Conflict`] when a person or place does not exist.
pub fn add_familiar_places(tx: &mut Tx<'_>, places: &[(PersonId, StationId)]) -> DbResult<()> {
    for chunk in places.chunks(rows_per_insert(2)) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(person, station)| {
                (familiar_places::person.eq(person.store()), familiar_places::station.eq(station.store()))
            })
            .collect();
        on!(&mut **tx, c => {
            diesel::insert_into(familiar_places::table).values(&rows).on_conflict_do_nothing().execute(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}
