//! Skills and certificates.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::skills::SkillFilter;

entity_document! {
    /// A skill or certificate.
    SkillDocument as Skill = Skill, SkillId fresh;
    example {
        "id": "s-medical", "name": "医疗卫生", "version": 1
    }
    {
        /// Name.
        name: String,
    }
}

list_query! {
    SkillQuery fills SkillFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "organisation", document: SkillDocument, id: SkillId, table: skills,
    paths: "/skills" "/skills/{id}",
    list: list_skills SkillQuery "Lists skills by id.",
    create: create_skill "Adds a skill.",
    get: get_skill "Answers one skill.",
    replace: replace_skill "Replaces a skill.",
    delete: delete_skill "Deletes a skill to which nothing refers.",
}
