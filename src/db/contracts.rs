//! Contract forms with their limits per shift type, by id.

use diesel::prelude::*;

use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{DbResult, schema};
use crate::domain::{Contract, TypeLimit};

const KIND: &str = "contract";

record! {
    contracts, Contract, ContractRow {
        id: String,
        name: String,
        max_minutes_day: Option<i64>,
        max_duties_day: Option<i64>,
        max_minutes_week: Option<i64>,
        max_duties_week: Option<i64>,
        max_minutes_four_weeks: Option<i64>,
        min_minutes_horizon: Option<i64>,
        max_minutes_horizon: Option<i64>,
        min_rest_minutes: Option<i64>,
        max_consecutive_days: Option<i64>,
        min_consecutive_days: Option<i64>,
        min_consecutive_days_off: Option<i64>,
        max_weekends_four_weeks: Option<i64>,
        max_weekends_horizon: Option<i64>,
        min_minutes_week: i64,
        soft_min_consecutive_days: Option<i64>,
        soft_max_consecutive_days: Option<i64>,
        soft_min_consecutive_days_off: Option<i64>,
        soft_max_consecutive_days_off: Option<i64>,
        min_total_duties: Option<i64>,
        max_total_duties: Option<i64>,
        max_total_weekends: Option<i64>,
        complete_weekends: bool,
        version: i64,
    }
    besides { type_limits }
}

crud!(contracts, Contract, ContractId, ContractRow, children: type_limits);

children! {
    type_limits: Contract.type_limits, of ContractId,
    contract_type_limits by contract_id, 3 columns,
    read (contract_type_limits::shift_type_id, contract_type_limits::max_duties), as (String, i64),
    |row| TypeLimit {
        shift_type: restore(row.0, "contract_type_limits", "shift_type_id")?,
        max_duties: restore(row.1, "contract_type_limits", "max_duties")?,
    },
    write |contract, limit| (
        contract_type_limits::contract_id.eq(contract.id.store()),
        contract_type_limits::shift_type_id.eq(limit.shift_type.store()),
        contract_type_limits::max_duties.eq(limit.max_duties.store()),
    )
}

/// Which contract forms a list holds.
#[derive(Debug, Clone, Default)]
pub struct ContractFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of contract forms, by id.
    contracts, Contract, ContractRow, ContractFilter, children: type_limits,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::contracts::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}
