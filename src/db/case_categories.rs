//! Categories of cases, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::CaseCategory;

const KIND: &str = "case category";

record! {
    case_categories, CaseCategory, CategoryRow {
        id: String,
        name: String,
        skill: Option<String>,
        minutes: i64,
        working_days: i64,
        version: i64,
    }
}

crud!(case_categories, CaseCategory, CaseCategoryId, CategoryRow, children: childless);

/// Which categories a list holds.
#[derive(Debug, Clone, Default)]
pub struct CaseCategoryFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of categories, by id.
    case_categories, CaseCategory, CategoryRow, CaseCategoryFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::case_categories::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}
