//! Loans of resources, by id.

use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::units::visible_units;
use super::{Connection, DbResult, schema};
use crate::domain::{ResourceId, ResourceLoan, UnitId, Visible};

const KIND: &str = "loan";

record! {
    resource_loans, ResourceLoan, LoanRow {
        id: String,
        resource: String,
        unit: String,
        from_date: chrono::NaiveDate,
        to_date: chrono::NaiveDate,
        quantity: i64,
        version: i64,
    }
}

crud!(resource_loans, ResourceLoan, LoanId, LoanRow, children: childless);

/// Which loans a list holds.
#[derive(Debug, Clone, Default)]
pub struct LoanFilter {
    /// Only of this resource.
    pub resource: Option<ResourceId>,
    /// Only to this unit.
    pub unit: Option<UnitId>,
    /// Only those that cover this date.
    pub on: Option<chrono::NaiveDate>,
}

list_by_id! {
    /// A page of loans, by id.
    resource_loans, ResourceLoan, LoanRow, LoanFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        if let Visible::Subtrees(paths) = &page.visible {
            use schema::{resource_loans, resources};
            let owned =
                resources::table.filter(resources::unit.eq_any(visible_units!(paths))).select(resources::id);
            query = query.filter(
                resource_loans::resource
                    .eq_any(owned)
                    .or(resource_loans::unit.eq_any(visible_units!(paths))),
            );
        }
        if let Some(resource) = &filter.resource {
            query = query.filter(schema::resource_loans::resource.eq(resource.as_str()));
        }
        if let Some(unit) = &filter.unit {
            query = query.filter(schema::resource_loans::unit.eq(unit.as_str()));
        }
        if let Some(date) = filter.on {
            query = query
                .filter(schema::resource_loans::from_date.le(date))
                .filter(schema::resource_loans::to_date.ge(date));
        }
    }
}

/// Every loan of a resource, by first day.
///
/// # Errors
/// Those of the connection.
pub fn of_resource(conn: &mut Connection, resource: &ResourceId) -> DbResult<Vec<ResourceLoan>> {
    use schema::resource_loans as t;

    let rows: Vec<LoanRow> = on!(conn, c => {
        t::table
            .filter(t::resource.eq(resource.as_str()))
            .order((t::from_date, t::id))
            .select(LoanRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(LoanRow::restore).collect()
}

/// The loans of some resources that cover a day, by resource and id.
///
/// # Errors
/// Those of the connection.
pub fn of_resources_on(
    conn: &mut Connection,
    resources: &[&str],
    day: chrono::NaiveDate,
) -> DbResult<Vec<ResourceLoan>> {
    use schema::resource_loans as t;

    let mut found = Vec::new();
    for chunk in resources.chunks(IDS_PER_QUERY) {
        let rows: Vec<LoanRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::resource.eq_any(chunk))
                .filter(t::from_date.le(day).and(t::to_date.ge(day)))
                .order((t::resource, t::id))
                .select(LoanRow::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows.into_iter().map(LoanRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    Ok(found)
}
