//! Categories of cases, with what triage proposes for each.

use actix_web::{delete, get, post, put};

use crate::api::resources::document::entity_document;
use crate::api::resources::entity_handlers;
use crate::api::resources::query::list_query;
use crate::db::case_categories::CaseCategoryFilter;

entity_document! {
    /// A category of cases.
    CaseCategoryDocument as CaseCategory = CaseCategory, CaseCategoryId fresh;
    example {
        "id": "housing", "name": "房屋维修", "skill": null, "minutes": 90, "workingDays": 5, "version": 1
    }
    {
        /// Name.
        name: String,
        /// Id of the skill that its cases usually need.
        skill: Option<String>,
        /// Minutes that its cases usually take.
        minutes: u32,
        /// Working days to the deadline.
        working_days: u16,
    }
}

list_query! {
    CaseCategoryQuery fills CaseCategoryFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "cases", document: CaseCategoryDocument, id: CaseCategoryId, table: case_categories,
    paths: "/case-categories" "/case-categories/{id}",
    list: list_case_categories CaseCategoryQuery "Lists categories of cases by id.",
    create: create_case_category "Adds a category of cases.",
    get: get_case_category "Answers one category of cases.",
    replace: replace_case_category "Replaces a category of cases.",
    delete: delete_case_category "Deletes a category that no case has.",
}
