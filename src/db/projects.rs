//! The list of projects, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema, units};
use crate::domain::{BaseKind, Project, ProjectStatus, UnitId};

const KIND: &str = "project";

record! {
    projects, Project, ProjectRow {
        id: String,
        unit: String,
        name: String,
        base_kind: Option<String>,
        need: Option<String>,
        lead: Option<String>,
        fund: Option<String>,
        budget_yuan: i64,
        from_date: Option<chrono::NaiveDate>,
        to_date: Option<chrono::NaiveDate>,
        status: String,
        version: i64,
    }
}

crud!(projects, Project, ProjectId, ProjectRow, children: childless);

/// Which projects a list holds.
#[derive(Debug, Clone, Default)]
pub struct ProjectFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this kind of base.
    pub base_kind: Option<BaseKind>,
    /// Only this status.
    pub status: Option<ProjectStatus>,
}

list_by_id! {
    /// A page of projects, by id.
    projects, Project, ProjectRow, ProjectFilter, children: childless,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        units::only_visible!(query, page, unit schema::projects::unit);
        if let Some(range) = &range {
            query = query.filter(schema::projects::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(base) = filter.base_kind {
            query = query.filter(schema::projects::base_kind.eq(base.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(schema::projects::status.eq(status.as_str()));
        }
    }
}
