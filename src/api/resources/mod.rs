//! Resources with an id and a version: what their handlers share, and one file for each.

pub mod availability;
pub mod calendars;
pub mod contracts;
pub mod demand_templates;
pub mod document;
pub mod lendings;
pub mod people;
pub mod posts;
pub mod profiles;
pub mod query;
pub mod rules;
pub mod secondments;
pub mod shift_types;
pub mod skills;
pub mod stations;
pub mod units;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::database::of_faults;
use super::etag::{IfMatch, etag, is_known};
use super::lang::Text;
use super::paging::Page;
use super::problem::{Code, Problem};
use crate::db::{DbResult, Tx};
use crate::domain::{Entropy, TextId};

/// A JSON document of an entity. The same form is read and written: `id` may be left out when creating, and `version`
/// is never read, since `If-Match` says which version an edit is for.
pub trait EntityDocument: Serialize + Sized {
    /// The entity.
    type Entity;
    /// Its id.
    type Id: TextId;

    /// The id that the document names, if any.
    fn id(&self) -> Option<&str>;

    /// A new id, for entities whose id the server may choose.
    fn fresh(_now: DateTime<Utc>, _entropy: &dyn Entropy) -> Option<Self::Id> {
        None
    }

    /// The entity, with an id from the path or made afresh.
    ///
    /// # Errors
    /// `invalid-value` with the pointer of what does not parse.
    fn into_entity(self, id: Self::Id, version: i64) -> Result<Self::Entity, Problem>;

    /// Keeps what readers do not see, and so cannot send back, as it is stored.
    fn keep_unseen(_entity: &mut Self::Entity, _stored: &Self::Entity) {}

    /// The document of an entity.
    fn from_entity(entity: Self::Entity) -> Self;
}

/// Reads an id of a body's field.
///
/// # Errors
/// `invalid-value` at the pointer.
pub fn id_at<I: TextId>(text: &str, pointer: &str) -> Result<I, Problem> {
    I::parse(text).map_err(|mut fault| {
        pointer.clone_into(&mut fault.pointer);
        of_faults(&[fault])
    })
}

/// Reads an id of a path: one that does not parse names nothing.
///
/// # Errors
/// `not-found`.
pub fn path_id<I: TextId>(text: &str) -> Result<I, Problem> {
    I::parse(text).map_err(|fault| {
        Problem::new(Code::NotFound)
            .detail(format!("没有 {} {text}", I::KIND), format!("there is no {} {text}: {}", I::KIND, fault.action))
    })
}

/// Reads a word of a body's field.
///
/// # Errors
/// `invalid-value` at the pointer.
pub fn word_at<T>(text: &str, pointer: &str, parse: fn(&str) -> Option<T>) -> Result<T, Problem> {
    parse(text).ok_or_else(|| {
        let cause = format!("{text:?} is not known");
        Problem::new(Code::InvalidValue).at(
            pointer,
            Text::new(format!("取值不在列表中（{cause}）"), cause),
            Text::new("改用接口文档列出的值", "use a word that the API reference names"),
        )
    })
}

/// The problem of a new entity without the id that only its maker knows.
#[must_use]
pub fn missing_id() -> Problem {
    Problem::new(Code::InvalidBody).at(
        "/id",
        Text::new("缺少编码", "missing field `id`"),
        Text::new("填写法定编码", "give the statutory code"),
    )
}

/// Refuses a body whose id is not the path's.
///
/// # Errors
/// `invalid-value` at `/id`.
pub fn same_id(document: Option<&str>, path: &str) -> Result<(), Problem> {
    match document {
        Some(id) if id != path => Err(Problem::new(Code::InvalidValue).at(
            "/id",
            Text::new(format!("正文的编码 {id} 与路径不同"), format!("the body's id {id} is not the path's")),
            Text::new("编码不能修改：删去该字段或与路径一致", "ids cannot change: leave it out or repeat the path's"),
        )),
        _ => Ok(()),
    }
}

/// The version that an edit is for: the one that `If-Match` names, or for `*` the stored one.
///
/// # Errors
/// Those of reading the stored version.
pub fn expected(
    if_match: &IfMatch,
    tx: &mut Tx<'_>,
    stored: impl FnOnce(&mut Tx<'_>) -> DbResult<i64>,
) -> DbResult<i64> {
    match if_match {
        IfMatch::Any => stored(tx),
        // 0 is no version: a list of foreign tags matches nothing, and a longer list what is stored, if named.
        IfMatch::Versions(versions) => match versions.as_slice() {
            [] => Ok(0),
            [one] => Ok(*one),
            many => stored(tx).map(|version| if many.contains(&version) { version } else { 0 }),
        },
    }
}

/// 201 with the place and the version of what was made.
pub fn created<T: Serialize>(request: &HttpRequest, id: &str, version: i64, document: &T) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((LOCATION, format!("{}/{id}", request.path())))
        .insert_header(etag(version))
        .json(document)
}

/// 200 with the version, or 304 when the client holds it already.
pub fn found<T: Serialize>(request: &HttpRequest, version: i64, document: &T) -> HttpResponse {
    if is_known(request, version) {
        return HttpResponse::NotModified().insert_header(etag(version)).finish();
    }
    HttpResponse::Ok().insert_header(etag(version)).json(document)
}

/// The handlers that list, create, read, replace and delete an entity. They need `actix_web::{delete, get, post, put}` in
/// scope, by those names: the OpenAPI attribute recognises nothing else.
macro_rules! entity_handlers {
    (
        tag: $tag:tt, document: $document:ident, id: $id:ident, table: $table:ident,
        paths: $path:tt $item_path:tt,
        list: $list:ident $query:ident $list_doc:tt,
        create: $create:ident $create_doc:tt,
        get: $get:ident $get_doc:tt,
        replace: $replace:ident $replace_doc:tt,
        delete: $delete:ident $delete_doc:tt,
    ) => {
        /// Adds the handlers to the router.
        pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
            config.service($list).service($create).service($get).service($replace).service($delete);
        }

        #[doc = $list_doc]
        #[utoipa::path(tag = $tag, params($query), responses(
            (status = 200, description = "One page", body = $crate::api::paging::Page<$document>),
            $crate::api::openapi::ListErrors,
        ))]
        #[get($path)]
        pub async fn $list(
            request: actix_web::HttpRequest,
            state: actix_web::web::Data<$crate::api::state::AppState>,
            who: crate::domain::Who,
            query: actix_web::web::Query<$query>,
        ) -> Result<actix_web::web::Json<$crate::api::paging::Page<$document>>, $crate::api::problem::Problem> {
            let (filter, mut page) = query.into_inner().filter()?;
            page.visible = who.visible();
            let slice = state.read(move |conn| crate::db::$table::list(conn, &filter, &page)).await?;
            Ok($crate::api::resources::page_answer(&request, slice))
        }

        #[doc = $create_doc]
        #[utoipa::path(tag = $tag, request_body = $document, responses(
            (status = 201, description = "Created", body = $document, headers(
                ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
            $crate::api::openapi::CreateErrors,
        ))]
        #[post($path)]
        pub async fn $create(
            request: actix_web::HttpRequest,
            state: actix_web::web::Data<$crate::api::state::AppState>,
            who: crate::domain::Who,
            body: $crate::api::extract::Json<$document>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::Problem> {
            use $crate::api::access::trail::Tell as _;
            use $crate::api::resources::EntityDocument as _;
            let id = match body.0.id() {
                Some(id) => $crate::api::resources::id_at::<crate::domain::$id>(id, "/id")?,
                None => <$document>::fresh(state.clock.now(), &*state.entropy)
                    .ok_or_else($crate::api::resources::missing_id)?,
            };
            let entity = body.0.into_entity(id.clone(), 1)?;
            let author = who.clone();
            let document = state
                .change(&who, move |tx| {
                    let subject = (<crate::domain::$id as crate::domain::TextId>::KIND, entity.id.as_str());
                    crate::db::$table::insert(tx, &entity)?;
                    let stored = crate::db::$table::get(tx, &entity.id)?;
                    let path = $crate::api::access::guard::allow_new(&author, tx, &stored, subject.0, subject.1)?;
                    let document = $document::from_entity(stored);
                    tx.did("create", subject, path, None, Some(&document));
                    Ok(document)
                })
                .await?;
            Ok($crate::api::resources::created(&request, id.as_str(), 1, &document))
        }

        #[doc = $get_doc]
        #[utoipa::path(tag = $tag, params(("id" = String, Path, description = "Id")), responses(
            (status = 200, description = "Found", body = $document,
                headers(("ETag" = String, description = "Its version"))),
            (status = 304, description = "The client's version, named by If-None-Match, is the present one"),
            $crate::api::openapi::GetErrors,
        ))]
        #[get($item_path)]
        pub async fn $get(
            request: actix_web::HttpRequest,
            state: actix_web::web::Data<$crate::api::state::AppState>,
            who: crate::domain::Who,
            id: actix_web::web::Path<String>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::Problem> {
            use $crate::api::resources::EntityDocument as _;
            let id: crate::domain::$id = $crate::api::resources::path_id(&id)?;
            let entity = state
                .read(move |conn| {
                    let entity = crate::db::$table::get(conn, &id)?;
                    let kind = <crate::domain::$id as crate::domain::TextId>::KIND;
                    $crate::api::access::guard::allow_entity(&who, conn, &entity, kind, id.as_str())?;
                    Ok(entity)
                })
                .await?;
            let version = entity.version;
            Ok($crate::api::resources::found(&request, version, &$document::from_entity(entity)))
        }

        #[doc = $replace_doc]
        #[utoipa::path(tag = $tag, request_body = $document, params(
            ("id" = String, Path, description = "Id"),
            ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
        ), responses(
            (status = 200, description = "Replaced", body = $document,
                headers(("ETag" = String, description = "The new version"))),
            $crate::api::openapi::ReplaceErrors,
        ))]
        #[put($item_path)]
        pub async fn $replace(
            state: actix_web::web::Data<$crate::api::state::AppState>,
            who: crate::domain::Who,
            id: actix_web::web::Path<String>,
            if_match: $crate::api::etag::IfMatch,
            body: $crate::api::extract::Json<$document>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::Problem> {
            use $crate::api::access::guard::{allow_entity, allow_new};
            use $crate::api::access::trail::Tell as _;
            use $crate::api::resources::EntityDocument as _;
            $crate::api::resources::same_id(body.0.id(), &id)?;
            let id: crate::domain::$id = $crate::api::resources::path_id(&id)?;
            let mut entity = body.0.into_entity(id, 0)?;
            let author = who.clone();
            let (version, document) = state
                .change(&who, move |tx| {
                    let id = entity.id.clone();
                    let subject = (<crate::domain::$id as crate::domain::TextId>::KIND, id.as_str());
                    let before = crate::db::$table::get(tx, &id)?;
                    allow_entity(&author, tx, &before, subject.0, subject.1)?;
                    entity.version = $crate::api::resources::expected(&if_match, tx, |_| Ok(before.version))?;
                    <$document>::keep_unseen(&mut entity, &before);
                    crate::db::$table::update(tx, &entity)?;
                    let after = crate::db::$table::get(tx, &id)?;
                    let path = allow_new(&author, tx, &after, subject.0, subject.1)?;
                    let version = after.version;
                    let before = $document::from_entity(before);
                    let after = $document::from_entity(after);
                    tx.did("update", subject, path, Some(&before), Some(&after));
                    Ok((version, after))
                })
                .await?;
            Ok(actix_web::HttpResponse::Ok().insert_header($crate::api::etag::etag(version)).json(document))
        }

        #[doc = $delete_doc]
        #[utoipa::path(tag = $tag, params(
            ("id" = String, Path, description = "Id"),
            ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
        ), responses(
            (status = 204, description = "Deleted"),
            $crate::api::openapi::DeleteErrors,
        ))]
        #[delete($item_path)]
        pub async fn $delete(
            state: actix_web::web::Data<$crate::api::state::AppState>,
            who: crate::domain::Who,
            id: actix_web::web::Path<String>,
            if_match: $crate::api::etag::IfMatch,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::Problem> {
            use $crate::api::access::trail::Tell as _;
            use $crate::api::resources::EntityDocument as _;
            let id: crate::domain::$id = $crate::api::resources::path_id(&id)?;
            let author = who.clone();
            state
                .change(&who, move |tx| {
                    let subject = (<crate::domain::$id as crate::domain::TextId>::KIND, id.as_str());
                    let before = crate::db::$table::get(tx, &id)?;
                    let path = $crate::api::access::guard::allow_entity(&author, tx, &before, subject.0, subject.1)?;
                    let version = $crate::api::resources::expected(&if_match, tx, |_| Ok(before.version))?;
                    crate::db::$table::delete(tx, &id, version)?;
                    tx.did("delete", subject, path, Some(&$document::from_entity(before)), None);
                    Ok(())
                })
                .await?;
            Ok(actix_web::HttpResponse::NoContent().finish())
        }
    };
}

/// Turns a slice of the database into the page that is sent.
pub fn page_answer<D: EntityDocument>(
    request: &HttpRequest,
    slice: crate::db::Slice<D::Entity>,
) -> actix_web::web::Json<Page<D>> {
    let items = slice.items.into_iter().map(D::from_entity).collect();
    actix_web::web::Json(Page::new(request, items, slice.next.as_deref()))
}

pub(crate) use entity_handlers;
pub use query::{FromQuery, page_of, query_problem};
