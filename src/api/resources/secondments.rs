//! Secondments of people to host units.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::secondments::SecondmentFilter;

entity_document! {
    /// A secondment.
    SecondmentDocument as Secondment = Secondment, SecondmentId fresh;
    example {
        "id": "se-1", "person": "p-1", "hostUnit": "220102001000", "fromDate": "2026-01-01", "toDate": "2026-12-31",
        "minMinutesWeek": 960, "version": 1
    }
    {
        /// Id of the person.
        person: String,
        /// Code of the host unit.
        host_unit: String,
        /// First day.
        from_date: chrono::NaiveDate,
        /// Last day; null when open.
        to_date: Option<chrono::NaiveDate>,
        /// Least minutes a week at the host (S20).
        #[serde(default)]
        min_minutes_week: u32,
    }
}

list_query! {
    SecondmentQuery fills SecondmentFilter {
        /// Only this person.
        person => person,
        /// Only this host unit.
        host_unit => host_unit,
        /// Only those in force on this date.
        on => on,
    }
}

entity_handlers! {
    tag: "organisation", document: SecondmentDocument, id: SecondmentId, table: secondments,
    paths: "/secondments" "/secondments/{id}",
    list: list_secondments SecondmentQuery "Lists secondments by id.",
    create: create_secondment "Adds a secondment.",
    get: get_secondment "Answers one secondment.",
    replace: replace_secondment "Replaces a secondment.",
    delete: delete_secondment "Deletes a secondment.",
}
