//! Demand templates, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema, units};
use crate::domain::{DemandTemplate, StationId, UnitId};

const KIND: &str = "demand template";

record! {
    demand_templates, DemandTemplate, TemplateRow {
        id: String,
        station: String,
        name: String,
        days: i64,
        start_minute: i64,
        end_minute: i64,
        skill: Option<String>,
        skill_level: i64,
        shift_type: Option<String>,
        min_heads: i64,
        target_heads: i64,
        max_heads: i64,
        priority: i64,
        mix: bool,
        valid_from: Option<chrono::NaiveDate>,
        valid_to: Option<chrono::NaiveDate>,
        version: i64,
    }
}

crud!(demand_templates, DemandTemplate, TemplateId, TemplateRow, children: childless);

/// Which templates a list holds.
#[derive(Debug, Clone, Default)]
pub struct TemplateFilter {
    /// Only templates of stations in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this station's.
    pub station: Option<StationId>,
}

list_by_id! {
    /// A page of templates, by id.
    demand_templates, DemandTemplate, TemplateRow, TemplateFilter, children: childless,
    prepare |conn, filter| {
        let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    },
    narrow |query, page| {
        use schema::demand_templates as t;
        crate::db::units::only_visible!(query, page, station t::station);
        if let Some(range) = &range {
            query = query.filter(t::station.eq_any(units::station_ids_within!(range)));
        }
        if let Some(station) = &filter.station {
            query = query.filter(t::station.eq(station.as_str()));
        }
    }
}
