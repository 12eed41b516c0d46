//! Units: the tree of the organisation.

use actix_web::{HttpRequest, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::document::entity_document;
use super::{entity_handlers, page_answer, page_of, query_id, query_word};
use crate::api::openapi::ListErrors;
use crate::api::paging::Page;
use crate::api::problem::Problem;
use crate::api::state::AppState;
use crate::db::units::UnitFilter;
use crate::domain::{UnitId, UnitLevel};

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

/// Filters of the list of units.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// Only this unit and those below it.
    within: Option<String>,
    /// Only children of this unit.
    parent: Option<String>,
    /// Only this level.
    level: Option<String>,
    /// Only names that contain this.
    name: Option<String>,
    /// Most items, 1 to 500 (50 unless given).
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

/// Lists units by code.
#[utoipa::path(tag = "organisation", params(UnitQuery), responses(
    (status = 200, description = "One page", body = Page<UnitDocument>), ListErrors,
))]
#[get("/units")]
pub async fn list_units(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<UnitQuery>,
) -> Result<web::Json<Page<UnitDocument>>, Problem> {
    let page = page_of(query.limit, query.cursor.as_deref())?;
    let filter = UnitFilter {
        subtree: query_id(query.within.as_deref(), "within")?,
        parent: query_id(query.parent.as_deref(), "parent")?,
        level: query_word(query.level.as_deref(), "level", UnitLevel::parse)?,
        name_contains: query.name.clone(),
    };
    let slice = state.read(move |conn| crate::db::units::list(conn, &filter, &page)).await?;
    Ok(page_answer(&request, slice))
}

entity_handlers! {
    tag: "organisation", document: UnitDocument, id: UnitId, table: units,
    paths: "/units" "/units/{id}",
    create: create_unit "Adds a unit below its parent.",
    get: get_unit "Answers one unit.",
    replace: replace_unit "Replaces a unit; a new parent moves its whole subtree.",
    delete: delete_unit "Deletes a unit to which nothing refers.",
}
