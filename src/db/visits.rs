//! Visits with those who may make an open one, by id.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{Connection, DbResult, schema, units};
use crate::domain::{PersonId, UnitId, Visit, VisitStatus};

const KIND: &str = "visit";

record! {
    visits, Visit, VisitRow {
        id: String,
        person: Option<String>,
        unit: String,
        date: Option<NaiveDate>,
        start_minute: Option<i64>,
        end_minute: Option<i64>,
        households: i64,
        status: String,
        note: Option<String>,
        wanted_from: Option<NaiveDate>,
        wanted_until: Option<NaiveDate>,
        earliest_minute: Option<i64>,
        latest_minute: Option<i64>,
        minutes: Option<i64>,
        version: i64,
    }
    besides { candidates }
}

crud!(visits, Visit, VisitId, VisitRow, children: candidates);

children! {
    candidates: Visit.candidates, of VisitId,
    visit_candidates by visit_id, 2 columns,
    read visit_candidates::person_id, as String,
    |row| restore(row, "visit_candidates", "person_id")?,
    write |visit, person| (
        visit_candidates::visit_id.eq(visit.id.store()),
        visit_candidates::person_id.eq(person.store()),
    )
}

/// Which visits a list holds.
#[derive(Debug, Clone, Default)]
pub struct VisitFilter {
    /// Only in units of this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only of this person.
    pub person: Option<PersonId>,
    /// Only this status.
    pub status: Option<VisitStatus>,
    /// Only this date or later, or open until then or later.
    pub from: Option<NaiveDate>,
    /// Only this date or earlier, or open from then or earlier on.
    pub to: Option<NaiveDate>,
}

list_by_id! {
    /// A page of visits, by id.
    visits, Visit, VisitRow, VisitFilter, children: candidates,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        units::only_visible!(query, page, unit schema::visits::unit);
        if let Some(range) = &range {
            query = query.filter(schema::visits::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(person) = &filter.person {
            query = query.filter(schema::visits::person.eq(person.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(schema::visits::status.eq(status.as_str()));
        }
        if let Some(from) = filter.from {
            let is_open = schema::visits::date.is_null();
            query = query.filter(schema::visits::date.ge(from).or(is_open.and(schema::visits::wanted_until.ge(from))));
        }
        if let Some(to) = filter.to {
            let is_open = schema::visits::date.is_null();
            query = query.filter(schema::visits::date.le(to).or(is_open.and(schema::visits::wanted_from.le(to))));
        }
    }
}

/// How many visits with a status each person made between two dates, inclusive.
///
/// # Errors
/// Those of the connection.
pub fn count_by_person(
    conn: &mut Connection,
    status: VisitStatus,
    from: NaiveDate,
    to: NaiveDate,
) -> DbResult<Vec<(String, i64)>> {
    use schema::visits as t;

    on!(conn, c => {
        t::table
            .filter(t::status.eq(status.as_str()).and(t::date.between(from, to)).and(t::person.is_not_null()))
            .group_by(t::person)
            .order(t::person)
            .select((t::person.assume_not_null(), diesel::dsl::count_star()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}
