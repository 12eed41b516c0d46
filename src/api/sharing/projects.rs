//! The list of projects 项目清单.

use actix_web::{delete, get, post, put};

use crate::api::resources::document::entity_document;
use crate::api::resources::entity_handlers;
use crate::api::resources::query::list_query;
use crate::db::projects::ProjectFilter;

entity_document! {
    /// A project.
    ProjectDocument as Project = Project, ProjectId fresh;
    example {
        "id": "pj-1", "unit": "220102001001", "name": "冬季关爱行动", "baseKind": "health", "need": "ne-1",
        "lead": "p-1", "fund": "rs-9", "budgetYuan": 3000, "fromDate": "2026-12-01", "toDate": "2026-12-31",
        "status": "planned", "version": 1
    }
    {
        /// Code of the unit that runs it.
        unit: String,
        /// Name.
        name: String,
        /// `study`, `partyActivities`, `health` or `cultureSports`.
        base_kind: Option<String>,
        /// Id of the need that it meets.
        need: Option<String>,
        /// Id of the person who leads it.
        lead: Option<String>,
        /// Id of the fund that pays for it.
        fund: Option<String>,
        /// Budget in yuan.
        #[serde(default)]
        budget_yuan: u32,
        /// First day.
        from_date: Option<chrono::NaiveDate>,
        /// Last day.
        to_date: Option<chrono::NaiveDate>,
        /// `planned`, `running`, `done` or `dropped`.
        status: String,
    }
}

list_query! {
    ProjectQuery fills ProjectFilter {
        /// Only of units in this unit's subtree.
        unit => subtree,
        /// Only this kind of base.
        base_kind => base_kind,
        /// Only this status.
        status => status,
    }
}

entity_handlers! {
    tag: "sharing", document: ProjectDocument, id: ProjectId, table: projects,
    paths: "/projects" "/projects/{id}",
    list: list_projects ProjectQuery "Lists projects by id.",
    create: create_project "Adds a project.",
    get: get_project "Answers one project.",
    replace: replace_project "Replaces a project.",
    delete: delete_project "Deletes a project without activities.",
}
