//! Shift types with their forbidden successions, by id.

use diesel::prelude::*;

use super::record::{crud, record, restore};
use super::shapes::{children, list_by_id};
use super::{DbResult, schema};
use crate::domain::ShiftType;

const KIND: &str = "shift type";

record! {
    shift_types, ShiftType, ShiftTypeRow {
        id: String,
        name: String,
        min_consecutive_days: Option<i64>,
        max_consecutive_days: Option<i64>,
        version: i64,
    }
    besides { forbidden_next }
}

crud!(shift_types, ShiftType, ShiftTypeId, ShiftTypeRow, children: successions);

children! {
    successions: ShiftType.forbidden_next, of ShiftTypeId,
    shift_type_successions by shift_type_id, 2 columns,
    read shift_type_successions::forbidden_next_id, as String,
    |row| restore(row, "shift_type_successions", "forbidden_next_id")?,
    write |shift_type, next| (
        shift_type_successions::shift_type_id.eq(shift_type.id.store()),
        shift_type_successions::forbidden_next_id.eq(next.store()),
    )
}

/// Which shift types a list holds.
#[derive(Debug, Clone, Default)]
pub struct ShiftTypeFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of shift types, by id.
    shift_types, ShiftType, ShiftTypeRow, ShiftTypeFilter, children: successions,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::shift_types::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}
