//! Whole sets for a plan: everything of a kind in a subtree or of some people, without pages. Call these inside one
//! [`Db::snapshot`](super::Db::snapshot), so that all of them see the same state.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::assignments::AssignmentRow;
use super::availability::AvailabilityRow;
use super::demand_templates::TemplateRow;
use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::ledger::LedgerRow;
use super::lendings::LendingRow;
use super::people::PersonRow;
use super::record::restore;
use super::secondments::SecondmentRow;
use super::stations::StationRow;
use super::units::{ids_within, station_ids_within};
use super::{Connection, DbResult, contracts, people, schema, shift_types, skills, stations, units};
use crate::domain::{
    Assignment, Availability, CalendarYear, Category, Contract, DemandTemplate, LedgerWeek, Lending, Person, PersonId,
    ScheduleId, ScheduleStatus, Secondment, ShiftType, Skill, Station, StationId, UnitId, Visible,
};

/// Every page of a list, for a reader of the whole network.
fn every<T>(
    conn: &mut Connection,
    list: impl Fn(&mut Connection, &super::Page) -> DbResult<super::Slice<T>>,
) -> DbResult<Vec<T>> {
    every_visible(conn, &Visible::Everything, list)
}

/// Every page of a list, as far as a reader sees it.
pub(super) fn every_visible<T>(
    conn: &mut Connection,
    visible: &Visible,
    list: impl Fn(&mut Connection, &super::Page) -> DbResult<super::Slice<T>>,
) -> DbResult<Vec<T>> {
    let mut all = Vec::new();
    let mut page = super::Page { visible: visible.clone(), ..super::Page::first(super::MAX_PAGE) };
    loop {
        let slice = list(conn, &page)?;
        all.extend(slice.items);
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// Every skill, by id.
///
/// # Errors
/// Those of the connection.
pub fn skills(conn: &mut Connection) -> DbResult<Vec<Skill>> {
    every(conn, |conn, page| skills::list(conn, &skills::SkillFilter::default(), page))
}

/// Every shift type, by id.
///
/// # Errors
/// Those of the connection.
pub fn shift_types(conn: &mut Connection) -> DbResult<Vec<ShiftType>> {
    every(conn, |conn, page| shift_types::list(conn, &shift_types::ShiftTypeFilter::default(), page))
}

/// Every contract form, by id.
///
/// # Errors
/// Those of the connection.
pub fn contracts(conn: &mut Connection) -> DbResult<Vec<Contract>> {
    every(conn, |conn, page| contracts::list(conn, &contracts::ContractFilter::default(), page))
}

/// The calendars of the years that exist among these.
///
/// # Errors
/// Those of the connection.
pub fn calendars(conn: &mut Connection, years: std::ops::RangeInclusive<i32>) -> DbResult<Vec<CalendarYear>> {
    super::calendar::of_years(conn, years)
}

/// Every station of the subtree, by id.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn stations(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<Station>> {
    use schema::stations as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<StationRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::unit.eq_any(ids_within!(range)))
            .order(t::id)
            .select(StationRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "station", Verb::Read))?;
    let mut all = rows.into_iter().map(StationRow::restore).collect::<DbResult<Vec<_>>>()?;
    stations::hours::load(conn, &mut all)?;
    Ok(all)
}

/// Every demand template of the subtree's stations, by id.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn templates(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<DemandTemplate>> {
    use schema::demand_templates as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<TemplateRow> = on!(conn, c => {
        t::table
            .filter(t::station.eq_any(station_ids_within!(range)))
            .order(t::id)
            .select(TemplateRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "demand template", Verb::Read))?;
    rows.into_iter().map(TemplateRow::restore).collect()
}

/// Everybody who may serve somewhere in the subtree between two dates, by id: their home, host or lending unit, or a
/// unit of their scope, lies in the subtree or above it. Information officers who are nothing else are not rostered.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn people_serving(conn: &mut Connection, root: &UnitId, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<Person>> {
    use schema::{lendings as l, people as p, person_scopes as s, secondments as h};

    let range = units::subtree(conn, root)?;
    let above: Vec<String> = units::ancestors(conn, root)?.iter().map(|unit| unit.as_str().to_owned()).collect();
    let rows: Vec<PersonRow> = on!(&mut *conn, c => {
        let scoped = s::table
            .filter(s::unit_id.eq_any(ids_within!(range)).or(s::unit_id.eq_any(&above)))
            .select(s::person_id);
        let seconded = h::table
            .filter(h::host_unit.eq_any(ids_within!(range)).or(h::host_unit.eq_any(&above)))
            .filter(h::from_date.le(to).and(h::to_date.is_null().or(h::to_date.ge(from))))
            .select(h::person);
        let lent = l::table
            .filter(l::unit.eq_any(ids_within!(range)).or(l::unit.eq_any(&above)))
            .filter(l::from_date.le(to).and(l::to_date.is_null().or(l::to_date.ge(from))))
            .select(l::person);
        p::table
            .filter(
                p::home_unit
                    .eq_any(ids_within!(range))
                    .or(p::home_unit.eq_any(&above))
                    .or(p::id.eq_any(scoped))
                    .or(p::id.eq_any(seconded))
                    .or(p::id.eq_any(lent)),
            )
            .filter(p::category.ne(Category::InformationOfficer.as_str()))
            .order(p::id)
            .select(PersonRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "person", Verb::Read))?;
    let mut all = rows.into_iter().map(PersonRow::restore).collect::<DbResult<Vec<_>>>()?;
    people::children::load(conn, &mut all)?;
    Ok(all)
}

/// Loads rows of some people, a few thousand people at a time.
macro_rules! of_people {
    ($conn:ident, $people:ident, $kind:literal, $row:ident, $table:ident, |$query:ident| $narrow:expr) => {{
        let mut all = Vec::new();
        for chunk in $people.chunks(IDS_PER_QUERY) {
            let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
            let rows: Vec<$row> = on!(&mut *$conn, c => {
                let $query = $table::table.filter($table::person.eq_any(&ids)).select($row::as_select());
                $narrow.load(c)
            })
            .map_err(|error| DbError::from_diesel(error, $kind, Verb::Read))?;
            all.reserve(rows.len());
            for row in rows {
                all.push(row.restore()?);
            }
        }
        Ok(all)
    }};
}

/// The secondments of some people that touch the dates.
///
/// # Errors
/// Those of the connection.
pub fn secondments(
    conn: &mut Connection,
    people: &[PersonId],
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Secondment>> {
    use schema::secondments as t;

    of_people!(conn, people, "secondment", SecondmentRow, t, |query| query
        .filter(t::from_date.le(to).and(t::to_date.is_null().or(t::to_date.ge(from))))
        .order((t::person, t::from_date, t::id)))
}

/// The lendings of some people that touch the dates.
///
/// # Errors
/// Those of the connection.
pub fn lendings(conn: &mut Connection, people: &[PersonId], from: NaiveDate, to: NaiveDate) -> DbResult<Vec<Lending>> {
    use schema::lendings as t;

    of_people!(conn, people, "lending", LendingRow, t, |query| query
        .filter(t::from_date.le(to).and(t::to_date.is_null().or(t::to_date.ge(from))))
        .order((t::person, t::from_date, t::id)))
}

/// What some people say of the dates.
///
/// # Errors
/// Those of the connection.
pub fn availability(
    conn: &mut Connection,
    people: &[PersonId],
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Availability>> {
    use schema::availability as t;

    of_people!(conn, people, "availability", AvailabilityRow, t, |query| query
        .filter(t::from_date.is_null().or(t::from_date.le(to)))
        .filter(t::to_date.is_null().or(t::to_date.ge(from)))
        .order((t::person, t::id)))
}

/// The ledger of some people from one Monday (inclusive) to another (exclusive).
///
/// # Errors
/// Those of the connection.
pub fn ledger(
    conn: &mut Connection,
    people: &[PersonId],
    from: NaiveDate,
    until: NaiveDate,
) -> DbResult<Vec<LedgerWeek>> {
    use schema::weekly_ledger as t;

    of_people!(conn, people, "ledger week", LedgerRow, t, |query| query
        .filter(t::week_start.ge(from).and(t::week_start.lt(until)))
        .order((t::person, t::week_start)))
}

/// The places that some people have served at.
///
/// # Errors
/// Those of the connection.
pub fn familiar_places(conn: &mut Connection, people: &[PersonId]) -> DbResult<Vec<(PersonId, StationId)>> {
    use schema::familiar_places as t;

    let mut all = Vec::new();
    for chunk in people.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let rows: Vec<(String, String)> =
            on!(&mut *conn, c => t::table.filter(t::person.eq_any(&ids)).order((t::person, t::station)).load(c))
                .map_err(|error| DbError::from_diesel(error, "familiar place", Verb::Read))?;
        for (person, station) in rows {
            all.push((restore(person, "familiar_places", "person")?, restore(station, "familiar_places", "station")?));
        }
    }
    Ok(all)
}

/// Assignments in force at the subtree's stations between two dates, inclusive, by schedule and number.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn published_within(
    conn: &mut Connection,
    root: &UnitId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Assignment>> {
    use schema::{assignments as t, schedules};

    let range = units::subtree(conn, root)?;
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table
            .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
            .filter(schedules::status.eq(ScheduleStatus::Published.as_str()))
            .filter(t::date.between(from, to))
            .filter(t::station.eq_any(station_ids_within!(range)))
            .order((t::schedule, t::seq))
            .select(AssignmentRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "assignment", Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// Assignments in force of some people between two dates, inclusive, wherever they serve.
///
/// # Errors
/// Those of the connection.
pub fn published_of(
    conn: &mut Connection,
    people: &[PersonId],
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Assignment>> {
    use schema::{assignments as t, schedules};

    let published =
        schedules::table.filter(schedules::status.eq(ScheduleStatus::Published.as_str())).select(schedules::id);
    of_people!(conn, people, "assignment", AssignmentRow, t, |query| query
        .filter(t::date.between(from, to))
        .filter(t::schedule.eq_any(published))
        .order((t::person, t::date, t::start_minute, t::seq)))
}

/// A schedule's assignments of some people, wherever they serve, by person and time.
///
/// # Errors
/// Those of the connection.
pub fn assigned_to(conn: &mut Connection, schedule: &ScheduleId, people: &[PersonId]) -> DbResult<Vec<Assignment>> {
    use schema::assignments as t;

    of_people!(conn, people, "assignment", AssignmentRow, t, |query| query
        .filter(t::schedule.eq(schedule.as_str()))
        .order((t::person, t::date, t::start_minute, t::seq)))
}

/// A schedule's assignments at the subtree's stations, by number.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn assigned_within(conn: &mut Connection, schedule: &ScheduleId, root: &UnitId) -> DbResult<Vec<Assignment>> {
    use schema::assignments as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<AssignmentRow> = on!(conn, c => {
        t::table
            .filter(t::schedule.eq(schedule.as_str()))
            .filter(t::station.eq_any(station_ids_within!(range)))
            .order(t::seq)
            .select(AssignmentRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "assignment", Verb::Read))?;
    rows.into_iter().map(AssignmentRow::restore).collect()
}

/// Assignments in force of some people between two dates, inclusive, at stations outside the subtree.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn published_outside(
    conn: &mut Connection,
    people: &[PersonId],
    root: &UnitId,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<Assignment>> {
    use schema::{assignments as t, schedules};

    let range = units::subtree(conn, root)?;
    let published =
        schedules::table.filter(schedules::status.eq(ScheduleStatus::Published.as_str())).select(schedules::id);
    of_people!(conn, people, "assignment", AssignmentRow, t, |query| query
        .filter(t::date.between(from, to))
        .filter(t::schedule.eq_any(published))
        .filter(t::station.ne_all(station_ids_within!(range)))
        .order((t::person, t::date, t::start_minute, t::seq)))
}

/// The stations with these ids, by id.
///
/// # Errors
/// Those of the connection.
pub fn stations_of(conn: &mut Connection, ids: &[&str]) -> DbResult<Vec<Station>> {
    use schema::stations as t;

    let mut all = Vec::new();
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let rows: Vec<StationRow> = on!(&mut *conn, c => {
            t::table.filter(t::id.eq_any(chunk)).order(t::id).select(StationRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, "station", Verb::Read))?;
        all.extend(rows.into_iter().map(StationRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    stations::hours::load(conn, &mut all)?;
    Ok(all)
}

/// Everybody at home in the subtree, by id, without skills and scopes.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn at_home(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<Person>> {
    use schema::people as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<PersonRow> = on!(conn, c => {
        t::table.filter(t::home_unit.eq_any(ids_within!(range))).order(t::id).select(PersonRow::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, "person", Verb::Read))?;
    rows.into_iter().map(PersonRow::restore).collect()
}
