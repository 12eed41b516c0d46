//! Units: the tree of the organisation.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::units::UnitFilter;

entity_document! {
    /// A unit.
    UnitDocument as Unit = Unit, UnitId;
    example {
        "id": "220102001000", "parent": "220102000000", "level": "street", "name": "自强街道", "version": 1
    }
    {
        /// Code of the parent; null for a root.
        parent: Option<String>,
        /// `city`, `district`, `street`, `community` or `point`.
        level: String,
        /// Name.
        name: String,
    }
}

list_query! {
    UnitQuery fills UnitFilter {
        /// Only this unit and those below it.
        within => subtree,
        /// Only children of this unit.
        parent => parent,
        /// Only this level.
        level => level,
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "organisation", document: UnitDocument, id: UnitId, table: units,
    paths: "/units" "/units/{id}",
    list: list_units UnitQuery "Lists units by code.",
    create: create_unit "Adds a unit below its parent.",
    get: get_unit "Answers one unit.",
    replace: replace_unit "Replaces a unit; a new parent moves its whole subtree.",
    delete: delete_unit "Deletes a unit to which nothing refers.",
}
