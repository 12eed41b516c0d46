//! Secondments, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::{PersonId, Secondment, UnitId};

const KIND: &str = "secondment";

record! {
    secondments, Secondment, SecondmentRow {
        id: String,
        person: String,
        host_unit: String,
        from_date: chrono::NaiveDate,
        to_date: Option<chrono::NaiveDate>,
        min_minutes_week: i64,
        version: i64,
    }
}

crud!(secondments, Secondment, SecondmentId, SecondmentRow, children: childless);

/// Which secondments a list holds.
#[derive(Debug, Clone, Default)]
pub struct SecondmentFilter {
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only to this host unit.
    pub host_unit: Option<UnitId>,
    /// Only those in force on this day.
    pub on: Option<chrono::NaiveDate>,
}

list_by_id! {
    /// A page of secondments, by id.
    secondments, Secondment, SecondmentRow, SecondmentFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        use schema::secondments as t;
        crate::db::units::only_visible!(query, page, person t::person);
        if let Some(person) = &filter.person {
            query = query.filter(t::person.eq(person.as_str()));
        }
        if let Some(unit) = &filter.host_unit {
            query = query.filter(t::host_unit.eq(unit.as_str()));
        }
        if let Some(on) = filter.on {
            query = query.filter(t::from_date.le(on)).filter(t::to_date.is_null().or(t::to_date.ge(on)));
        }
    }
}
