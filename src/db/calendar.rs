//! The statutory calendar, by year.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{check, restore};
use super::schema::{calendar_days, calendar_years};
use super::{Connection, DbResult, Tx};
use crate::domain::{CalendarDay, CalendarYear};

const KIND: &str = "calendar";

type YearRow = (i64, bool, Option<String>, i64);
type DayRow = (NaiveDate, bool, Option<String>, Option<String>);

/// The calendar of a year.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn get(conn: &mut Connection, year: i32) -> DbResult<CalendarYear> {
    let row: Option<YearRow> = on!(&mut *conn, c => calendar_years::table.find(i64::from(year)).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let row = row.ok_or_else(|| DbError::not_found(KIND, year.to_string()))?;
    read(conn, row)
}

/// The calendars of some years, as far as there are any.
///
/// # Errors
/// Those of the connection.
pub(super) fn of_years(conn: &mut Connection, years: std::ops::RangeInclusive<i32>) -> DbResult<Vec<CalendarYear>> {
    let (first, last) = (i64::from(*years.start()), i64::from(*years.end()));
    let rows: Vec<YearRow> = on!(&mut *conn, c => {
        calendar_years::table
            .filter(calendar_years::year.between(first, last))
            .order(calendar_years::year)
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let days: Vec<(i64, DayRow)> = on!(conn, c => {
        let columns = (calendar_days::date, calendar_days::is_off, calendar_days::name, calendar_days::source);
        calendar_days::table
            .filter(calendar_days::year.between(first, last))
            .order(calendar_days::date)
            .select((calendar_days::year, columns))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut calendars = rows.into_iter().map(|row| whole(row, Vec::new())).collect::<DbResult<Vec<_>>>()?;
    for (year, day) in days {
        if let Some(calendar) = calendars.iter_mut().find(|calendar| i64::from(calendar.year) == year) {
            calendar.days.push(day_of(day));
        }
    }
    Ok(calendars)
}

/// A page of calendars, by year.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, page: &Page) -> DbResult<Slice<CalendarYear>> {
    let after = page.cursor_parts::<1>()?.and_then(|[year]| year.parse::<i64>().ok());
    let rows: Vec<YearRow> = on!(&mut *conn, c => {
        let query = calendar_years::table.limit(page.fetch());
        if page.descending {
            query
                .filter(calendar_years::year.lt(after.unwrap_or(i64::MAX)))
                .order(calendar_years::year.desc())
                .load(c)
        } else {
            query.filter(calendar_years::year.gt(after.unwrap_or(i64::MIN))).order(calendar_years::year).load(c)
        }
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(|row| read(conn, row)).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |calendar: &CalendarYear| cursor(&[&calendar.year.to_string()])))
}

/// Adds the calendar of a year.
///
/// # Errors
/// [`DbError::Invalid`] when it has faults, [`DbError::Conflict`] when the year has one.
pub fn insert(tx: &mut Tx<'_>, calendar: &CalendarYear) -> DbResult<()> {
    check(calendar, KIND, &calendar.year.to_string())?;
    on!(&mut **tx, c => {
        diesel::insert_into(calendar_years::table)
            .values((
                calendar_years::year.eq(i64::from(calendar.year)),
                calendar_years::published.eq(calendar.published),
                calendar_years::source.eq(&calendar.source),
                calendar_years::version.eq(calendar.version),
            ))
            .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    save_days(tx, calendar)
}

/// Adds the calendars of several years.
///
/// # Errors
/// As for one; then none is added.
pub fn insert_many(tx: &mut Tx<'_>, calendars: &[CalendarYear]) -> DbResult<()> {
    calendars.iter().try_for_each(|calendar| insert(tx, calendar))
}

/// Replaces a calendar whose stored version is the given calendar's, and answers the new version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], and those of `insert`.
pub fn update(tx: &mut Tx<'_>, calendar: &CalendarYear) -> DbResult<i64> {
    check(calendar, KIND, &calendar.year.to_string())?;
    let year = i64::from(calendar.year);
    let version = calendar.version + 1;
    let changed = on!(&mut **tx, c => {
        diesel::update(calendar_years::table.find(year).filter(calendar_years::version.eq(calendar.version)))
            .set((
                calendar_years::published.eq(calendar.published),
                calendar_years::source.eq(&calendar.source),
                calendar_years::version.eq(version),
            ))
            .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    if changed == 0 {
        return Err(missed(tx, calendar.year, calendar.version));
    }
    on!(&mut **tx, c => diesel::delete(calendar_days::table.filter(calendar_days::year.eq(year))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    save_days(tx, calendar)?;
    Ok(version)
}

/// Removes the calendar of a year, if it still has the expected version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`].
pub fn delete(tx: &mut Tx<'_>, year: i32, version: i64) -> DbResult<()> {
    let find = calendar_years::table.find(i64::from(year)).filter(calendar_years::version.eq(version));
    let removed = on!(&mut **tx, c => diesel::delete(find).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    if removed == 0 { Err(missed(tx, year, version)) } else { Ok(()) }
}

/// Why no calendar of that version was found.
fn missed(tx: &mut Tx<'_>, year: i32, expected: i64) -> DbError {
    match get(tx, year) {
        Ok(stored) => DbError::Stale { kind: KIND, id: year.to_string(), expected, actual: stored.version },
        Err(error) => error,
    }
}

fn day_of((date, is_off, name, source): DayRow) -> CalendarDay {
    CalendarDay { date, is_off, name, source }
}

fn whole((year, published, source, version): YearRow, days: Vec<CalendarDay>) -> DbResult<CalendarYear> {
    Ok(CalendarYear { year: restore(year, "calendar_years", "year")?, published, source, days, version })
}

fn read(conn: &mut Connection, row: YearRow) -> DbResult<CalendarYear> {
    let days: Vec<DayRow> = on!(conn, c => {
        calendar_days::table
            .filter(calendar_days::year.eq(row.0))
            .order(calendar_days::date)
            .select((calendar_days::date, calendar_days::is_off, calendar_days::name, calendar_days::source))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    whole(row, days.into_iter().map(day_of).collect())
}

fn save_days(tx: &mut Tx<'_>, calendar: &CalendarYear) -> DbResult<()> {
    let rows: Vec<_> = calendar
        .days
        .iter()
        .map(|day| {
            (
                calendar_days::date.eq(day.date),
                calendar_days::year.eq(i64::from(calendar.year)),
                calendar_days::is_off.eq(day.is_off),
                calendar_days::name.eq(day.name.clone()),
                calendar_days::source.eq(day.source.clone()),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(5)) {
        on!(&mut **tx, c => diesel::insert_into(calendar_days::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}
