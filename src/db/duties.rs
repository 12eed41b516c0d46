//! Records of duties by person and post, and the records of service that were issued.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::record::record;
use super::schema::{duty_records as t, service_records, stations};
use super::{Connection, DbResult, Tx, units};
use crate::domain::{DutyRecord, PersonId, PostId, ServiceRecord, StationId, UnitId};

const KIND: &str = "duty";

record! {
    duty_records, DutyRecord, DutyRow {
        person: String,
        post: String,
        station: String,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        in_force: bool,
        sequence: i64,
        changed_at: chrono::NaiveDateTime,
        confirmed_at: Option<chrono::NaiveDateTime>,
        checked_in_at: Option<chrono::NaiveDateTime>,
        checked_in_by: Option<String>,
        checked_out_at: Option<chrono::NaiveDateTime>,
        checked_out_by: Option<String>,
        reminded_at: Option<chrono::NaiveDateTime>,
    }
}

record! {
    service_records, ServiceRecord, ServiceRow {
        code: String,
        person: String,
        from_date: NaiveDate,
        to_date: NaiveDate,
        duties: i64,
        minutes: i64,
        issued_at: chrono::NaiveDateTime,
    }
}

/// The record of a person's duty at a post, if there is one.
///
/// # Errors
/// Those of the connection.
pub fn find(conn: &mut Connection, person: &PersonId, post: &PostId) -> DbResult<Option<DutyRecord>> {
    let key = (person.as_str(), post.as_str());
    let row: Option<DutyRow> = on!(conn, c => t::table.find(key).select(DutyRow::as_select()).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(DutyRow::restore).transpose()
}

/// Records of some people from one date to another, by person, date, start and post.
///
/// # Errors
/// Those of the connection.
pub fn of_people(
    conn: &mut Connection,
    people: &[PersonId],
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<DutyRecord>> {
    let mut all = Vec::new();
    for chunk in people.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let rows: Vec<DutyRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::person.eq_any(&ids).and(t::date.between(from, to)))
                .order((t::person, t::date, t::start_minute, t::post))
                .select(DutyRow::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for row in rows {
            all.push(row.restore()?);
        }
    }
    Ok(all)
}

/// Records of duties at some posts, by post and person.
///
/// # Errors
/// Those of the connection.
pub fn at_posts(conn: &mut Connection, posts: &[&str]) -> DbResult<Vec<DutyRecord>> {
    let mut all = Vec::new();
    for chunk in posts.chunks(IDS_PER_QUERY) {
        let rows: Vec<DutyRow> = on!(&mut *conn, c => {
            t::table.filter(t::post.eq_any(chunk)).order((t::post, t::person)).select(DutyRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        all.extend(rows.into_iter().map(DutyRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    Ok(all)
}

/// Records in force of everybody at home in the subtree from one date to another, by person, date, start and post.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn in_force_within(
    conn: &mut Connection,
    root: &UnitId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<DutyRecord>> {
    use super::schema::people;

    let range = units::subtree(conn, root)?;
    let at_home = people::table.filter(people::home_unit.eq_any(units::ids_within!(range))).select(people::id);
    let rows: Vec<DutyRow> = on!(conn, c => {
        t::table
            .filter(t::date.between(from, to).and(t::in_force.eq(true)).and(t::person.eq_any(at_home)))
            .order((t::person, t::date, t::start_minute, t::post))
            .select(DutyRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(DutyRow::restore).collect()
}

/// A record with the name of its station.
pub type NamedDuty = (DutyRecord, String);

/// Records of one person from a date on, with their stations' names, by date, start and post.
///
/// # Errors
/// Those of the connection.
pub fn feed_of_person(conn: &mut Connection, person: &PersonId, from: NaiveDate) -> DbResult<Vec<NamedDuty>> {
    let rows: Vec<(DutyRow, String)> = on!(conn, c => {
        t::table
            .inner_join(stations::table.on(stations::id.eq(t::station)))
            .filter(t::person.eq(person.as_str()).and(t::date.ge(from)))
            .order((t::date, t::start_minute, t::post))
            .select((DutyRow::as_select(), stations::name))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(|(row, name)| Ok((row.restore()?, name))).collect()
}

/// Records of one station from a date on, by date, start, post and person.
///
/// # Errors
/// Those of the connection.
pub fn feed_of_station(conn: &mut Connection, station: &StationId, from: NaiveDate) -> DbResult<Vec<NamedDuty>> {
    let rows: Vec<(DutyRow, String)> = on!(conn, c => {
        t::table
            .inner_join(stations::table.on(stations::id.eq(t::station)))
            .filter(t::station.eq(station.as_str()).and(t::date.ge(from)))
            .order((t::date, t::start_minute, t::post, t::person))
            .select((DutyRow::as_select(), stations::name))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(|(row, name)| Ok((row.restore()?, name))).collect()
}

/// Duties in force on the dates whose people have not been reminded, by person, date and start.
///
/// # Errors
/// Those of the connection.
pub fn unreminded(conn: &mut Connection, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<DutyRecord>> {
    let rows: Vec<DutyRow> = on!(conn, c => {
        t::table
            .filter(t::date.between(from, to).and(t::in_force.eq(true)).and(t::reminded_at.is_null()))
            .order((t::person, t::date, t::start_minute, t::post))
            .select(DutyRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(DutyRow::restore).collect()
}

/// Adds records with few statements.
///
/// # Errors
/// [`DbError::Conflict`] when one exists.
pub fn insert_many(tx: &mut Tx<'_>, records: &[DutyRecord]) -> DbResult<()> {
    for chunk in records.chunks(rows_per_insert(DutyRow::COLUMNS)) {
        let rows: Vec<DutyRow> = chunk.iter().map(DutyRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Replaces a record.
///
/// # Errors
/// Those of the connection.
pub fn update(tx: &mut Tx<'_>, record: &DutyRecord) -> DbResult<()> {
    let row = DutyRow::store(record);
    let find = t::table.find((record.person.as_str(), record.post.as_str()));
    on!(&mut **tx, c => diesel::update(find).set(&row).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// Removes records of duties before a date.
///
/// # Errors
/// Those of the connection.
pub fn delete_before(tx: &mut Tx<'_>, date: NaiveDate) -> DbResult<usize> {
    on!(&mut **tx, c => diesel::delete(t::table.filter(t::date.lt(date))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

/// Keeps a record of service that was issued.
///
/// # Errors
/// Those of the connection.
pub fn issue(tx: &mut Tx<'_>, record: &ServiceRecord) -> DbResult<()> {
    let row = ServiceRow::store(record);
    on!(&mut **tx, c => diesel::insert_into(service_records::table).values(&row).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, "service record", Verb::Store))
}

/// The record of service with this code.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn issued(conn: &mut Connection, code: &str) -> DbResult<ServiceRecord> {
    let row: Option<ServiceRow> =
        on!(conn, c => service_records::table.find(code).select(ServiceRow::as_select()).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, "service record", Verb::Read))?;
    row.ok_or_else(|| DbError::not_found("service record", code))?.restore()
}
