//! Quotas of receptions and visits, by id.

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::units::visible_units;
use super::{Connection, DbResult, schema};
use crate::domain::{PersonId, Quota, QuotaKind, StationId, Visible};

const KIND: &str = "quota";

record! {
    quotas, Quota, QuotaRow {
        id: String,
        kind: String,
        person: Option<String>,
        station: Option<String>,
        year: i64,
        target: i64,
        done_before: i64,
        version: i64,
    }
}

crud!(quotas, Quota, QuotaId, QuotaRow, children: childless);

/// Which quotas a list holds.
#[derive(Debug, Clone, Default)]
pub struct QuotaFilter {
    /// Only this kind.
    pub kind: Option<QuotaKind>,
    /// Only of this person.
    pub person: Option<PersonId>,
    /// Only of this station.
    pub station: Option<StationId>,
    /// Only of this year.
    pub year: Option<u16>,
}

list_by_id! {
    /// A page of quotas, by id.
    quotas, Quota, QuotaRow, QuotaFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        if let Visible::Subtrees(paths) = &page.visible {
            use schema::{people, stations};
            let own = people::table.filter(people::home_unit.eq_any(visible_units!(paths))).select(people::id.nullable());
            let here =
                stations::table.filter(stations::unit.eq_any(visible_units!(paths))).select(stations::id.nullable());
            query = query.filter(schema::quotas::person.eq_any(own).or(schema::quotas::station.eq_any(here)));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(schema::quotas::kind.eq(kind.as_str()));
        }
        if let Some(person) = &filter.person {
            query = query.filter(schema::quotas::person.eq(person.as_str()));
        }
        if let Some(station) = &filter.station {
            query = query.filter(schema::quotas::station.eq(station.as_str()));
        }
        if let Some(year) = filter.year {
            query = query.filter(schema::quotas::year.eq(i64::from(year)));
        }
    }
}

/// Every quota of a year, by id.
///
/// # Errors
/// Those of the connection.
pub fn of_year(conn: &mut Connection, year: u16) -> DbResult<Vec<Quota>> {
    use schema::quotas as t;

    let rows: Vec<QuotaRow> = on!(conn, c => {
        t::table.filter(t::year.eq(i64::from(year))).order(t::id).select(QuotaRow::as_select()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(QuotaRow::restore).collect()
}
