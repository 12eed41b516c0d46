//! Visits to households and units.

use actix_web::{delete, get, post, put};

use crate::api::resources::document::entity_document;
use crate::api::resources::entity_handlers;
use crate::api::resources::query::list_query;
use crate::db::visits::VisitFilter;

entity_document! {
    /// A visit. What is heard becomes a case with channel `visit`.
    VisitDocument as Visit = Visit, VisitId fresh;
    example {
        "id": "vi-1", "person": "d-1", "unit": "220102001001", "date": "2026-12-03", "startMinute": 540,
        "endMinute": 660, "households": 6, "status": "planned", "note": null, "version": 1
    }
    {
        /// Id of the deputy or volunteer.
        person: String,
        /// Code of the unit visited.
        unit: String,
        /// Date.
        date: chrono::NaiveDate,
        /// First minute of the day.
        start_minute: u16,
        /// First minute after the end.
        end_minute: u16,
        /// Households visited.
        households: u16,
        /// `planned`, `done` or `cancelled`.
        status: String,
        /// What was heard.
        note: Option<String>,
    }
}

list_query! {
    VisitQuery fills VisitFilter {
        /// Only in units of this unit's subtree.
        unit => subtree,
        /// Only of this person.
        person => person,
        /// Only this status.
        status => status,
        /// Only this date or later.
        from => from,
        /// Only this date or earlier.
        to => to,
    }
}

entity_handlers! {
    tag: "receptions", document: VisitDocument, id: VisitId, table: visits,
    paths: "/visits" "/visits/{id}",
    list: list_visits VisitQuery "Lists visits by id.",
    create: create_visit "Adds a visit.",
    get: get_visit "Answers one visit.",
    replace: replace_visit "Replaces a visit.",
    delete: delete_visit "Deletes a visit.",
}
