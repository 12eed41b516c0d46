//! The ledger of past weeks, and the places that people know.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::record::{Stored, record, restore};
use super::schema::{familiar_places, weekly_ledger as t};
use super::{Connection, DbResult, Tx, units};
use crate::domain::{LedgerWeek, PersonId, StationId, UnitId};

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

/// What one person carried over some weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Who.
    pub person: PersonId,
    /// Weeks in the ledger.
    pub weeks: i64,
    /// Duties.
    pub duties: i64,
    /// Their minutes.
    pub minutes: i64,
    /// Duties in the evening or on days off.
    pub unsocial_duties: i64,
    /// Weeks with a duty on the weekend.
    pub weekends: i64,
    /// The fairness of the last of the weeks, in minutes.
    pub balance_minutes: i64,
    /// The same in duties in the evening or on days off.
    pub balance_unsocial_duties: i64,
}

/// Sums over the weeks from one Monday (inclusive) to another (exclusive) of everybody at home in the subtree, by
/// person. The database adds them up: a city has hundreds of thousands of weeks.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn carried(conn: &mut Connection, root: &UnitId, from: NaiveDate, until: NaiveDate) -> DbResult<Vec<Carried>> {
    use super::schema::people;
    use diesel::dsl::{count_star, max, sql};
    use diesel::sql_types::BigInt;

    type Sums = (String, i64, i64, i64, i64, i64, Option<NaiveDate>);
    let range = units::subtree(conn, root)?;
    let failed = |error| DbError::from_diesel(error, KIND, Verb::Read);
    let at_home = || people::table.filter(people::home_unit.eq_any(units::ids_within!(range))).select(people::id);
    let sums: Vec<Sums> = on!(&mut *conn, c => {
        t::table
            .filter(t::week_start.ge(from).and(t::week_start.lt(until)))
            .filter(t::person.eq_any(at_home()))
            .group_by(t::person)
            .order(t::person)
            .select((
                t::person,
                count_star(),
                // PostgreSQL's sums of big integers are decimals.
                sql::<BigInt>("CAST(SUM(duties) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(minutes) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(unsocial_duties) AS BIGINT)"),
                sql::<BigInt>("SUM(CASE WHEN weekend_worked THEN 1 ELSE 0 END)"),
                max(t::week_start),
            ))
            .load(c)
    })
    .map_err(failed)?;
    let last_weeks: BTreeSet<NaiveDate> = sums.iter().filter_map(|sum| sum.6).collect();
    let mut balances: HashMap<(String, NaiveDate), (i64, i64)> = HashMap::new();
    for week in last_weeks {
        let rows: Vec<(String, i64, i64)> = on!(&mut *conn, c => {
            t::table
                .filter(t::week_start.eq(week))
                .filter(t::person.eq_any(at_home()))
                .select((t::person, t::fairness_minutes, t::fairness_unsocial_duties))
                .load(c)
        })
        .map_err(failed)?;
        balances.extend(rows.into_iter().map(|(person, minutes, unsocial)| ((person, week), (minutes, unsocial))));
    }
    let carried = |(person, weeks, duties, minutes, unsocial_duties, weekends, last): Sums| {
        let balance = last.and_then(|week| balances.get(&(person.clone(), week)).copied());
        let (balance_minutes, balance_unsocial_duties) = balance.unwrap_or_default();
        let person = restore(person, "weekly_ledger", "person")?;
        Ok(Carried {
            person,
            weeks,
            duties,
            minutes,
            unsocial_duties,
            weekends,
            balance_minutes,
            balance_unsocial_duties,
        })
    };
    sums.into_iter().map(carried).collect()
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
            Ok((restore(person, "familiar_places", "person")?, restore(station, "familiar_places", "station")?))
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
