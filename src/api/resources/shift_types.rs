//! Kinds of shift.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::shift_types::ShiftTypeFilter;

entity_document! {
    /// A kind of shift.
    ShiftTypeDocument as ShiftType = ShiftType, ShiftTypeId fresh;
    example {
        "id": "evening", "name": "晚班", "minConsecutiveDays": null, "maxConsecutiveDays": 3,
        "forbiddenNext": ["morning"], "version": 1
    }
    {
        /// Name.
        name: String,
        /// Least consecutive days on this type wished for (S37).
        min_consecutive_days: Option<u16>,
        /// Most consecutive days on this type wished for (S37).
        max_consecutive_days: Option<u16>,
        /// Ids of types that may not follow on the next day (H06).
        #[serde(default)]
        forbidden_next: Vec<String>,
    }
}

list_query! {
    ShiftTypeQuery fills ShiftTypeFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "demand", document: ShiftTypeDocument, id: ShiftTypeId, table: shift_types,
    paths: "/shift-types" "/shift-types/{id}",
    list: list_shift_types ShiftTypeQuery "Lists kinds of shift by id.",
    create: create_shift_type "Adds a kind of shift.",
    get: get_shift_type "Answers one kind of shift.",
    replace: replace_shift_type "Replaces a kind of shift.",
    delete: delete_shift_type "Deletes a kind of shift to which nothing refers.",
}
