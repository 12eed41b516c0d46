//! The list of needs 需求清单.

use actix_web::{delete, get, post, put};

use crate::api::resources::document::entity_document;
use crate::api::resources::entity_handlers;
use crate::api::resources::query::list_query;
use crate::db::needs::NeedFilter;

entity_document! {
    /// A need.
    NeedDocument as Need = Need, NeedId fresh;
    example {
        "id": "ne-1", "unit": "220102001001", "title": "独居老人冬季测温", "description": null, "kind": "equipment",
        "quantity": 20, "wantedBy": "2026-12-15", "resource": null, "status": "open", "version": 1
    }
    {
        /// Code of the unit whose residents have it.
        unit: String,
        /// What is needed, in one line.
        title: String,
        /// In full.
        description: Option<String>,
        /// Kind of resource that would help: `venue`, `vehicle`, `equipment`, `goods` or `fund`.
        kind: Option<String>,
        /// How much of it.
        quantity: u32,
        /// Day by which it is needed.
        wanted_by: Option<chrono::NaiveDate>,
        /// Id of the resource found for it.
        resource: Option<String>,
        /// `open`, `matched`, `met` or `dropped`.
        status: String,
    }
}

list_query! {
    NeedQuery fills NeedFilter {
        /// Only of units in this unit's subtree.
        unit => subtree,
        /// Only this kind of resource.
        kind => kind,
        /// Only this status.
        status => status,
    }
}

entity_handlers! {
    tag: "sharing", document: NeedDocument, id: NeedId, table: needs,
    paths: "/needs" "/needs/{id}",
    list: list_needs NeedQuery "Lists needs by id.",
    create: create_need "Adds a need.",
    get: get_need "Answers one need.",
    replace: replace_need "Replaces a need.",
    delete: delete_need "Deletes a need that no project meets.",
}
