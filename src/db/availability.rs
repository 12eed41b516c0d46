//! Statements of availability, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::{Availability, AvailabilityKind, PersonId};

const KIND: &str = "availability";

record! {
    availability, Availability, AvailabilityRow {
        id: String,
        person: String,
        kind: String,
        weekday: Option<i64>,
        from_date: Option<chrono::NaiveDate>,
        to_date: Option<chrono::NaiveDate>,
        start_minute: i64,
        end_minute: i64,
        shift_type: Option<String>,
        station: Option<String>,
        weight: i64,
        reason: Option<String>,
        version: i64,
    }
}

crud!(availability, Availability, AvailabilityId, AvailabilityRow, children: childless);

/// Which statements a list holds.
#[derive(Debug, Clone, Default)]
pub struct AvailabilityFilter {
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only this kind.
    pub kind: Option<AvailabilityKind>,
    /// Only those whose dates touch the stretch from this day ...
    pub from: Option<chrono::NaiveDate>,
    /// ... to this day.
    pub to: Option<chrono::NaiveDate>,
}

list_by_id! {
    /// A page of statements, by id.
    availability, Availability, AvailabilityRow, AvailabilityFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        use schema::availability as t;
        crate::db::units::only_visible!(query, page, person t::person);
        if let Some(person) = &filter.person {
            query = query.filter(t::person.eq(person.as_str()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(t::kind.eq(kind.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(t::to_date.is_null().or(t::to_date.ge(from)));
        }
        if let Some(to) = filter.to {
            query = query.filter(t::from_date.is_null().or(t::from_date.le(to)));
        }
    }
}
