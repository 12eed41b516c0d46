//! Lendings of people to other units.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::lendings::LendingFilter;

entity_document! {
    /// A lending.
    LendingDocument as Lending = Lending, LendingId fresh;
    example {
        "id": "le-1", "person": "p-1", "unit": "220102002000", "fromDate": "2026-11-01", "toDate": null, "version": 1
    }
    {
        /// Id of the person.
        person: String,
        /// Code of the unit.
        unit: String,
        /// First day.
        from_date: chrono::NaiveDate,
        /// Last day; null when open.
        to_date: Option<chrono::NaiveDate>,
    }
}

list_query! {
    LendingQuery fills LendingFilter {
        /// Only this person.
        person => person,
        /// Only this unit.
        unit => unit,
        /// Only those in force on this date.
        on => on,
    }
}

entity_handlers! {
    tag: "organisation", document: LendingDocument, id: LendingId, table: lendings,
    paths: "/lendings" "/lendings/{id}",
    list: list_lendings LendingQuery "Lists lendings by id.",
    create: create_lending "Adds a lending.",
    get: get_lending "Answers one lending.",
    replace: replace_lending "Replaces a lending.",
    delete: delete_lending "Deletes a lending.",
}
