//! Skills, by id.

use diesel::prelude::*;

use super::record::{childless, crud, record};
use super::shapes::list_by_id;
use super::{DbResult, schema};
use crate::domain::Skill;

const KIND: &str = "skill";

record! {
    skills, Skill, SkillRow { id: String, name: String, version: i64 }
}

crud!(skills, Skill, SkillId, SkillRow, children: childless);

/// Which skills a list holds.
#[derive(Debug, Clone, Default)]
pub struct SkillFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of skills, by id.
    skills, Skill, SkillRow, SkillFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query| {
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::skills::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}
