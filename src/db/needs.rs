//! The list of needs, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema, units};
use crate::domain::{Need, NeedStatus, ResourceKind, UnitId};

const KIND: &str = "need";

record! {
    needs, Need, NeedRow {
        id: String,
        unit: String,
        title: String,
        description: Option<String>,
        kind: Option<String>,
        quantity: i64,
        wanted_by: Option<chrono::NaiveDate>,
        resource: Option<String>,
        status: String,
        version: i64,
    }
}

crud!(needs, Need, NeedId, NeedRow, children: childless);

/// Which needs a list holds.
#[derive(Debug, Clone, Default)]
pub struct NeedFilter {
    /// Only of units in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this kind of resource.
    pub kind: Option<ResourceKind>,
    /// Only this status.
    pub status: Option<NeedStatus>,
}

list_by_id! {
    /// A page of needs, by id.
    needs, Need, NeedRow, NeedFilter, children: childless,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        units::only_visible!(query, page, unit schema::needs::unit);
        if let Some(range) = &range {
            query = query.filter(schema::needs::unit.eq_any(units::ids_within!(range)));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(schema::needs::kind.eq(kind.as_str()));
        }
        if let Some(status) = filter.status {
            query = query.filter(schema::needs::status.eq(status.as_str()));
        }
    }
}
