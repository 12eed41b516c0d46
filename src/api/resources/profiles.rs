//! Constraint profiles with their versions.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use paiban_solver::problem::RuleCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::query::list_query;
use super::{created, expected, found, id_at, path_id};
use crate::api::access::guard::{allow_entity, allow_new};
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::{Json, parse};
use crate::api::lang::Text;
use crate::api::openapi::{CreateErrors, DeleteErrors, GetErrors, ListErrors, ReplaceErrors};
use crate::api::paging::Page;
use crate::api::problem::{Code, Problem};
use crate::api::state::AppState;
use crate::db::profiles::{self, ProfileFilter};
use crate::db::{Connection, DbError, DbResult};
use crate::domain::{ConstraintProfile, ProfileId, ProfileVersion, Who};

/// Setting of one rule; what is left out follows the catalogue.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleSetting {
    /// On or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    /// Tier 1 to 3 of a soft rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<u8>,
    /// Cost of one unit of violation, 0 and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<i64>,
    /// Parameters by key, as the catalogue names them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, i64>,
}

/// A constraint profile with the settings of its latest version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConstraintProfile, example = json!({
    "id": "pr-1", "name": "平常", "unit": null, "latest": 1, "version": 1, "note": "初始",
    "rules": {"H06": {"parameters": {"min_rest_minutes": 720}}, "S31": {"on": false}}
}))]
pub struct ProfileDocument {
    /// Id; made by the server when left out.
    id: Option<String>,
    /// Name.
    name: String,
    /// Code of the unit it is for; null for all.
    unit: Option<String>,
    /// Settings by rule code; rules that are not named follow the catalogue.
    #[serde(default)]
    rules: BTreeMap<String, RuleSetting>,
    /// Why these settings.
    note: Option<String>,
    /// Number of the latest version of the settings; never read.
    #[schema(read_only)]
    latest: Option<u32>,
    /// Counts the edits, as in the `ETag`; never read.
    #[schema(read_only)]
    version: Option<i64>,
}

/// One version of a profile's settings.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "profile": "pr-1", "number": 1, "rules": {"S31": {"on": false}}, "note": null, "createdAt": "2026-11-23T08:00:00Z"
}))]
pub struct ProfileVersionDocument {
    /// Id of the profile.
    profile: String,
    /// Number, counted from 1.
    number: u32,
    /// Settings by rule code.
    rules: BTreeMap<String, RuleSetting>,
    /// Why these settings.
    note: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl ProfileVersionDocument {
    fn new(version: ProfileVersion) -> Result<Self, Problem> {
        Ok(Self {
            rules: parse(version.rules.as_bytes()).map_err(Problem::internal)?,
            profile: version.profile.to_string(),
            number: version.number,
            note: version.note,
            created_at: version.created_at,
        })
    }
}

impl ProfileDocument {
    fn new(profile: ConstraintProfile, latest: ProfileVersion) -> Result<Self, Problem> {
        Ok(Self {
            id: Some(profile.id.to_string()),
            name: profile.name,
            unit: profile.unit.map(|unit| unit.to_string()),
            rules: parse(latest.rules.as_bytes()).map_err(Problem::internal)?,
            note: latest.note,
            latest: Some(profile.latest),
            version: Some(profile.version),
        })
    }
}

/// Refuses settings that the catalogue does not know.
fn check_rules(rules: &BTreeMap<String, RuleSetting>) -> Result<String, Problem> {
    let mut problem = Problem::new(Code::InvalidValue);
    let mut refuse = |pointer: String, zh: &str, cause: String, action: &str| {
        problem.errors.push(crate::api::problem::FieldError::new(
            pointer,
            Text::new(format!("{zh}（{cause}）"), cause),
            Text::new("见 /api/v1/rules", action),
        ));
    };
    for (name, setting) in rules {
        let Some(code) = RuleCode::parse(name) else {
            refuse(format!("/rules/{name}"), "没有此规则", format!("there is no rule {name}"), "see /api/v1/rules");
            continue;
        };
        if let Some(tier) = setting.tier
            && (code.is_hard() || !(1..=3).contains(&tier))
        {
            let cause = format!("tier {tier} is not possible for {name}");
            refuse(format!("/rules/{name}/tier"), "层级不对", cause, "soft rules have tier 1 to 3, hard rules none");
        }
        if setting.weight.is_some_and(|weight| weight < 0) {
            let cause = format!("the weight of {name} is negative");
            refuse(format!("/rules/{name}/weight"), "权重为负", cause, "use 0 and up; 0 costs nothing");
        }
        for (key, value) in &setting.parameters {
            let pointer = format!("/rules/{name}/parameters/{key}");
            match code.info().parameters.iter().find(|parameter| parameter.key == key) {
                None => refuse(pointer, "没有此参数", format!("{name} has no parameter {key}"), "see /api/v1/rules"),
                Some(known) if !(known.min..=known.max).contains(value) => {
                    let cause = format!("{value} is outside {} to {}", known.min, known.max);
                    refuse(pointer, "参数超出范围", cause, "use a value within the range of /api/v1/rules");
                }
                Some(_) => {}
            }
        }
    }
    if problem.errors.is_empty() { serde_json::to_string(rules).map_err(Problem::internal) } else { Err(problem) }
}

const KIND: &str = "constraint profile";

/// The profile and its place, if the author's right holds there.
fn profile_for(who: &Who, conn: &mut Connection, id: &ProfileId) -> DbResult<(ConstraintProfile, Option<String>)> {
    let profile = profiles::get(conn, id)?;
    let path = allow_entity(who, conn, &profile, KIND, id.as_str())?;
    Ok((profile, path))
}

fn document_of(conn: &mut Connection, id: &ProfileId) -> DbResult<ProfileDocument> {
    let profile = profiles::get(conn, id)?;
    let latest = profiles::get_version(conn, id, profile.latest)?;
    ProfileDocument::new(profile, latest).map_err(|problem| DbError::Internal(problem.to_string()))
}

list_query! {
    ProfileQuery fills ProfileFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_constraint_profiles)
        .service(create_constraint_profile)
        .service(get_constraint_profile)
        .service(list_profile_versions)
        .service(get_profile_version)
        .service(create_profile_version)
        .service(replace_constraint_profile)
        .service(delete_constraint_profile);
}

/// Lists constraint profiles by id.
#[utoipa::path(tag = "rules", params(ProfileQuery), responses(
    (status = 200, description = "One page", body = Page<ProfileDocument>), ListErrors,
))]
#[get("/constraint-profiles")]
pub async fn list_constraint_profiles(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ProfileQuery>,
) -> Result<web::Json<Page<ProfileDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let (pairs, next) = state
        .read(move |conn| {
            let slice = profiles::list(conn, &filter, &page)?;
            let mut pairs = Vec::with_capacity(slice.items.len());
            for profile in slice.items {
                let latest = profiles::get_version(conn, &profile.id, profile.latest)?;
                pairs.push((profile, latest));
            }
            Ok((pairs, slice.next))
        })
        .await?;
    let items = pairs.into_iter().map(|(profile, latest)| ProfileDocument::new(profile, latest));
    Ok(web::Json(Page::new(&request, items.collect::<Result<_, _>>()?, next.as_deref())))
}

/// Adds a constraint profile with its first version.
#[utoipa::path(tag = "rules", request_body = ProfileDocument, responses(
    (status = 201, description = "Created", body = ProfileDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    CreateErrors,
))]
#[post("/constraint-profiles")]
pub async fn create_constraint_profile(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<ProfileDocument>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let rules = check_rules(&body.0.rules)?;
    let id = match &body.0.id {
        Some(id) => id_at(id, "/id")?,
        None => ProfileId::fresh(now, &*state.entropy),
    };
    let unit = body.0.unit.as_deref().map(|unit| id_at(unit, "/unit")).transpose()?;
    let profile = ConstraintProfile { id, name: body.0.name, unit, latest: 1, version: 1 };
    let note = body.0.note;
    let author = who.clone();
    let (id, document) = state
        .change(&who, move |tx| {
            profiles::create(tx, &profile, &rules, note.as_deref(), now)?;
            let path = allow_new(&author, tx, &profile, KIND, profile.id.as_str())?;
            let document = document_of(tx, &profile.id)?;
            tx.did("create", (KIND, profile.id.as_str()), path, None, Some(&document));
            Ok((profile.id.to_string(), document))
        })
        .await?;
    Ok(created(&request, &id, 1, &document))
}

/// Answers a constraint profile with its latest settings.
#[utoipa::path(tag = "rules", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = ProfileDocument,
        headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
    GetErrors,
))]
#[get("/constraint-profiles/{id}")]
pub async fn get_constraint_profile(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ProfileId = path_id(&id)?;
    let (profile, latest) = state
        .read(move |conn| {
            let profile = profile_for(&who, conn, &id)?.0;
            let latest = profiles::get_version(conn, &id, profile.latest)?;
            Ok((profile, latest))
        })
        .await?;
    let version = profile.version;
    Ok(found(&request, version, &ProfileDocument::new(profile, latest)?))
}

/// Lists every version of a profile's settings, the first one first.
#[utoipa::path(tag = "rules", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Versions", body = Vec<ProfileVersionDocument>), GetErrors,
))]
#[get("/constraint-profiles/{id}/versions")]
pub async fn list_profile_versions(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<Vec<ProfileVersionDocument>>, Problem> {
    let id: ProfileId = path_id(&id)?;
    let versions = state
        .read(move |conn| {
            profile_for(&who, conn, &id)?;
            profiles::versions(conn, &id)
        })
        .await?;
    Ok(web::Json(versions.into_iter().map(ProfileVersionDocument::new).collect::<Result<_, _>>()?))
}

/// Answers one version of a profile's settings.
#[utoipa::path(tag = "rules", params(
    ("id" = String, Path, description = "Id"), ("number" = String, Path, description = "Number of the version"),
), responses((status = 200, description = "Found", body = ProfileVersionDocument), GetErrors))]
#[get("/constraint-profiles/{id}/versions/{number}")]
pub async fn get_profile_version(
    state: web::Data<AppState>,
    who: Who,
    path: web::Path<(String, String)>,
) -> Result<web::Json<ProfileVersionDocument>, Problem> {
    let id: ProfileId = path_id(&path.0)?;
    let number: u32 = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let version = state
        .read(move |conn| {
            profile_for(&who, conn, &id)?;
            profiles::get_version(conn, &id, number)
        })
        .await?;
    Ok(web::Json(ProfileVersionDocument::new(version)?))
}

/// Settings of a new version.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"rules": {"S31": {"weight": 8}}, "note": "公平优先"}))]
pub struct NewProfileVersion {
    /// Settings by rule code; they replace those of the version before.
    rules: BTreeMap<String, RuleSetting>,
    /// Why these settings.
    note: Option<String>,
}

/// Adds a version to a profile; rosters made with earlier versions keep naming those.
#[utoipa::path(tag = "rules", request_body = NewProfileVersion, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the profile that is edited", example = "\"1\""),
), responses(
    (status = 201, description = "Created", body = ProfileVersionDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "The profile's version"))),
    ReplaceErrors,
))]
#[post("/constraint-profiles/{id}/versions")]
pub async fn create_profile_version(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<NewProfileVersion>,
) -> Result<HttpResponse, Problem> {
    let id: ProfileId = path_id(&id)?;
    let rules = check_rules(&body.0.rules)?;
    let now = state.clock.now();
    let author = who.clone();
    let (version, stored) = state
        .change(&who, move |tx| {
            let (profile, path) = profile_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(profile.version))?;
            let before = document_of(tx, &id)?;
            let number = profiles::add_version(tx, &id, version, &rules, body.0.note.as_deref(), now)?;
            let after = document_of(tx, &id)?;
            tx.did("addVersion", (KIND, id.as_str()), path, Some(&before), Some(&after));
            Ok((profiles::get(tx, &id)?.version, profiles::get_version(tx, &id, number)?))
        })
        .await?;
    let number = stored.number.to_string();
    Ok(created(&request, &number, version, &ProfileVersionDocument::new(stored)?))
}

/// Name and unit of a profile; its settings change by new versions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "节假日", "unit": null}))]
pub struct ProfileHead {
    /// Name.
    name: String,
    /// Code of the unit it is for; null for all.
    unit: Option<String>,
}

/// Renames a profile or gives it to another unit; its settings and versions stay.
#[utoipa::path(tag = "rules", request_body = ProfileHead, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses(
    (status = 200, description = "Replaced", body = ProfileDocument,
        headers(("ETag" = String, description = "The new version"))),
    ReplaceErrors,
))]
#[put("/constraint-profiles/{id}")]
pub async fn replace_constraint_profile(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<ProfileHead>,
) -> Result<HttpResponse, Problem> {
    let id: ProfileId = path_id(&id)?;
    let unit = body.0.unit.as_deref().map(|unit| id_at(unit, "/unit")).transpose()?;
    let author = who.clone();
    let (version, document) = state
        .change(&who, move |tx| {
            let (stored, _) = profile_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let before = document_of(tx, &id)?;
            let profile = ConstraintProfile { name: body.0.name, unit, version, ..stored };
            let version = profiles::update(tx, &profile)?;
            let path = allow_new(&author, tx, &profile, KIND, id.as_str())?;
            let after = document_of(tx, &id)?;
            tx.did("update", (KIND, id.as_str()), path, Some(&before), Some(&after));
            Ok((version, after))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(version)).json(document))
}

/// Deletes a profile with its versions, unless a schedule was made with it.
#[utoipa::path(tag = "rules", params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
), responses((status = 204, description = "Deleted"), DeleteErrors))]
#[delete("/constraint-profiles/{id}")]
pub async fn delete_constraint_profile(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id: ProfileId = path_id(&id)?;
    let author = who.clone();
    state
        .change(&who, move |tx| {
            let (profile, path) = profile_for(&author, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(profile.version))?;
            let before = document_of(tx, &id)?;
            profiles::delete(tx, &id, version)?;
            tx.did("delete", (KIND, id.as_str()), path, Some(&before), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
