//! People: who they are and what they can do.

use actix_web::{HttpRequest, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::document::{entity_document, value_document};
use super::{entity_handlers, page_answer, page_of, query_id, query_word};
use crate::api::openapi::ListErrors;
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::state::AppState;
use crate::db::people::PersonFilter;
use crate::domain::{Category, PersonId};

value_document! {
    /// A position (WGS 84).
    LocationDocument as Location = Location
    {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    }
}

value_document! {
    /// A skill that a person has.
    PersonSkillDocument as PersonSkill = PersonSkill
    {
        /// Id of the skill.
        skill: String,
        /// Level, 1 and up.
        level: u8,
        /// Last day on which the certificate is valid; null when it does not expire.
        valid_until: Option<chrono::NaiveDate>,
    }
}

entity_document! {
    /// A person.
    PersonDocument as Person = Person, PersonId fresh;
    example {
        "id": "p-1", "name": "单雪梅", "sortKey": "shan xuemei", "category": "volunteer", "homeUnit": "220102001001",
        "phone": "13800005678", "home": {"latitude": 43.88, "longitude": 125.32}, "maxDistanceMetres": 3000,
        "contract": "c-volunteer", "activeFrom": "2026-01-01", "activeTo": null, "trainee": false, "newcomer": false,
        "skills": [{"skill": "s-medical", "level": 1, "validUntil": "2027-12-31"}], "scope": ["220102001000"],
        "version": 1
    }
    {
        /// Name.
        name: String,
        /// Pinyin by which names sort.
        sort_key: String,
        /// `secondedCadre`, `reassignedStaff`, `recruitedStaff`, `volunteer` or `deputy`.
        category: String,
        /// Code of the home unit.
        home_unit: String,
        /// Telephone number; masked in answers, and kept when a masked number comes back.
        phone: Option<String>,
        /// Where the person lives, for travel.
        home: Option<LocationDocument>,
        /// Greatest distance from home to a place, in metres.
        max_distance_metres: Option<u32>,
        /// Id of the contract form.
        contract: Option<String>,
        /// First day of service.
        active_from: Option<chrono::NaiveDate>,
        /// Last day of service.
        active_to: Option<chrono::NaiveDate>,
        /// A trainee does not count as a head.
        #[serde(default)]
        trainee: bool,
        /// A newcomer never serves alone.
        #[serde(default)]
        newcomer: bool,
        /// Skills.
        #[serde(default)]
        skills: Vec<PersonSkillDocument>,
        /// Codes of the subtrees the person may serve in besides secondments and lendings; the home unit when empty.
        #[serde(default)]
        scope: Vec<String>,
    }
}

/// Filters of the list of people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonQuery {
    /// Only people whose home unit lies in this unit's subtree.
    unit: Option<String>,
    /// Only this category.
    category: Option<String>,
    /// Only people with this skill.
    skill: Option<String>,
    /// Only people under this contract form.
    contract: Option<String>,
    /// Only names that contain this.
    name: Option<String>,
    /// Most items, 1 to 500 (50 unless given).
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

/// Lists people by sort key.
#[utoipa::path(tag = "organisation", params(PersonQuery), responses(
    (status = 200, description = "One page", body = Page<PersonDocument>), ListErrors,
))]
#[get("/people")]
pub async fn list_people(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<PersonQuery>,
) -> Result<web::Json<Page<PersonDocument>>, Problem> {
    let page = page_of(query.limit, query.cursor.as_deref())?;
    let filter = PersonFilter {
        subtree: query_id(query.unit.as_deref(), "unit")?,
        category: query_word(query.category.as_deref(), "category", Category::parse)?,
        skill: query_id(query.skill.as_deref(), "skill")?,
        contract: query_id(query.contract.as_deref(), "contract")?,
        name_contains: query.name.clone(),
    };
    let slice = state.read(move |conn| crate::db::people::list(conn, &filter, &page)).await?;
    Ok(page_answer(&request, slice))
}

entity_handlers! {
    tag: "organisation", document: PersonDocument, id: PersonId, table: people,
    paths: "/people" "/people/{id}",
    create: create_person "Adds a person.",
    get: get_person "Answers one person.",
    replace: replace_person "Replaces a person with skills and scope.",
    delete: delete_person "Deletes a person to whom nothing refers.",
}
