//! Visits, by id.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{Connection, DbResult, schema, units};
use crate::domain::{PersonId, UnitId, Visit, VisitStatus};

const KIND: &str = "visit";

record! {
    visits, Visit, VisitRow {
        id: String,
        person: String,
        unit: String,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        households: i64,
        status: String,
        note: Option<String>,
        version: i64,
    }
}

crud!(visits, Visit, VisitId, VisitRow, children: childless);

/// Which visits a list holds.
#[derive(Debug, Clone, Default)]
pub struct VisitFilter {
    /// Only in units of this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only of this person.
    pub person: Option<PersonId>,
    /// Only this status.
    pub status: Option<VisitStatus>,
    /// Only this date or later.
    pub from: Option<NaiveDate>,
    /// Only this date or earlier.
    pub to: Option<NaiveDate>,
}

list_by_id! {
    /// A page of visits, by id.
    visits, Visit, VisitRow, VisitFilter, children: childless,
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
            query = query.filter(schema::visits::date.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(schema::visits::date.le(to));
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
            .filter(t::status.eq(status.as_str()).and(t::date.between(from, to)))
            .group_by(t::person)
            .order(t::person)
            .select((t::person, diesel::dsl::count_star()))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}
