//! Lendings, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::{Lending, PersonId, UnitId};

const KIND: &str = "lending";

record! {
    lendings, Lending, LendingRow {
        id: String,
        person: String,
        unit: String,
        from_date: chrono::NaiveDate,
        to_date: Option<chrono::NaiveDate>,
        version: i64,
    }
}

crud!(lendings, Lending, LendingId, LendingRow, children: childless);

/// Which lendings a list holds.
#[derive(Debug, Clone, Default)]
pub struct LendingFilter {
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only to this unit.
    pub unit: Option<UnitId>,
    /// Only those in force on this day.
    pub on: Option<chrono::NaiveDate>,
}

list_by_id! {
    /// A page of lendings, by id.
    lendings, Lending, LendingRow, LendingFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        use schema::lendings as t;
        crate::db::units::only_visible!(query, page, person t::person);
        if let Some(person) = &filter.person {
            query = query.filter(t::person.eq(person.as_str()));
        }
        if let Some(unit) = &filter.unit {
            query = query.filter(t::unit.eq(unit.as_str()));
        }
        if let Some(on) = filter.on {
            query = query.filter(t::from_date.le(on)).filter(t::to_date.is_null().or(t::to_date.ge(on)));
        }
    }
}
