//! What can go in and out as a table: for each kind its columns, and how a row becomes the JSON document that the REST
//! interface reads, so that both obey the same checks.
//!
//! A new kind is one entry in the file of its subject: its columns, and the functions that a macro makes of its document
//! and table. Lists that come about by moves of their own, such as bookings, go out only.

mod access;
mod cases;
pub mod cells;
mod computed;
mod demand;
mod organisation;
mod receptions;
mod records;
mod references;
mod sharing;
pub(in crate::api) mod words;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use self::cells::{Field, Filling, same_text, written};
pub use self::references::missing;
use crate::api::access::guard::allow;
use crate::api::access::rights::{Need, need};
use crate::api::lang::Text;
use crate::api::problem::{Code, Problem};
use crate::api::resources::{EntityDocument, id_at, missing_id};
use crate::db::placement::Placed;
use crate::db::{Connection, DbError, DbResult, Page, Slice, Tx};
use crate::domain::{Entropy, Right, TextId, Who};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was added.
    Created,
    /// It changed what was stored.
    Updated,
    /// It says what is stored already.
    Unchanged,
}

/// A change for the audit trail: id, place, documents before and after.
pub type Told = (String, Option<String>, Option<String>, Option<String>);

/// Why a row cannot be stored.
pub enum Refusal {
    /// The row is wrong.
    Row(Problem),
    /// The database fails.
    Database(DbError),
}

/// On whose behalf rows of a kind are stored, and when.
#[derive(Clone, Copy)]
pub struct Importer<'a> {
    /// Kind of the table.
    pub kind: &'a Kind,
    /// Author, with the right that adding such a thing asks for.
    pub who: &'a Who,
    /// Now.
    pub now: DateTime<Utc>,
    /// Source of new ids.
    pub entropy: &'a dyn Entropy,
}

type Save = fn(&mut Tx<'_>, Map<String, Value>, &Importer<'_>) -> Result<(Stored, Told), Refusal>;
type Fetch = fn(&mut Connection, &Page, &Reader<'_>) -> DbResult<(Vec<Value>, Option<String>)>;

/// For whom a table is read, and when.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Reader, with the right that the table asks for.
    pub who: &'a Who,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A kind of table.
pub struct Kind {
    /// In addresses, as in those of the list.
    pub name: &'static str,
    /// In the audit trail.
    pub entity: &'static str,
    /// Title of the sheet.
    pub title: &'static str,
    /// Columns; the first begins the row of headers.
    pub fields: &'static [Field],
    /// What becomes of a row, or where such things come from instead.
    pub import: Import,
    /// Reads a page.
    pub fetch: Fetch,
}

/// Whether a kind can be imported.
pub enum Import {
    /// Stores a row.
    Rows(Save),
    /// It is only exported: what to do instead, in Chinese and in English.
    Elsewhere(&'static str, &'static str),
}

/// Lists that hold the same for everybody who sees them: their tables ask for no more than they do.
const ALIKE: [&str; 2] = ["rules", "open-duties"];

impl Kind {
    /// What its export asks for: what its list does, and at least the right to inspect. Lists that less opens may show
    /// their reader only what they have a hand in, and the table holds all of it.
    #[must_use]
    pub fn exported_by(&self) -> Option<Need> {
        match need("GET", &format!("/api/v1/{}", self.name)) {
            Some(Need::Right(Right::See | Right::Follow)) if !ALIKE.contains(&self.name) => {
                Some(Need::Right(Right::Inspect))
            }
            asked => asked,
        }
    }

    /// What stores a row.
    ///
    /// # Errors
    /// `export-only`, with what to do instead.
    pub fn save(&self) -> Result<Save, Problem> {
        match self.import {
            Import::Rows(save) => Ok(save),
            Import::Elsewhere(zh, en) => Err(Problem::new(Code::ExportOnly).detail(zh, en)),
        }
    }
}

/// Refuses values of shown columns that are not what is shown, and takes them out of the row.
fn check_shown(row: &mut Map<String, Value>, kind: &Kind, before: Option<&Value>) -> Result<(), Refusal> {
    let nothing = Value::Null;
    for field in kind.fields.iter().filter(|field| field.filling == Filling::Shown) {
        let Some(given) = row.remove(field.name) else { continue };
        let given = given.as_str().unwrap_or_default();
        if !same_text(given, &written(field, before.unwrap_or(&nothing))) {
            return Err(Refusal::Row(Problem::new(Code::InvalidValue).at(
                format!("/{}", field.name),
                Text::new(
                    "该列由系统生成，不能通过表格修改",
                    "the column is shown only and cannot be changed by a table",
                ),
                Text::new("恢复导出时的内容，新增的行留空", "leave it as exported, and empty in new rows"),
            )));
        }
    }
    Ok(())
}

/// Cells do not keep the edges of texts: what differs in nothing else is what is stored.
fn keep_edges(row: &mut Map<String, Value>, before: &Value) {
    for (name, value) in row {
        if let (Value::String(given), Some(Value::String(stored))) = (&*value, before.get(name.as_str()))
            && given != stored
            && same_text(given, stored)
        {
            *value = Value::from(stored.as_str());
        }
    }
}

/// How a table stores an entity.
struct Store<D: EntityDocument> {
    get: fn(&mut Connection, &D::Id) -> DbResult<D::Entity>,
    insert: fn(&mut Tx<'_>, &D::Entity) -> DbResult<()>,
    update: fn(&mut Tx<'_>, &D::Entity) -> DbResult<i64>,
    version: fn(&D::Entity) -> i64,
}

fn save_row<D>(
    tx: &mut Tx<'_>,
    mut row: Map<String, Value>,
    importer: &Importer<'_>,
    store: &Store<D>,
) -> Result<(Stored, Told), Refusal>
where
    D: EntityDocument + serde::de::DeserializeOwned,
    D::Entity: Placed + Clone,
{
    let json = |document: &D| serde_json::to_value(document).unwrap_or_default();
    let named = row.get("id").and_then(Value::as_str).map(str::to_owned);
    let (id, stored) = match named {
        Some(named) => {
            let id: D::Id = id_at(&named, "/id").map_err(Refusal::Row)?;
            let stored = match (store.get)(tx, &id) {
                Ok(entity) => Some(entity),
                Err(DbError::NotFound { .. }) => None,
                Err(error) => return Err(Refusal::Database(error)),
            };
            (id, stored)
        }
        None => {
            let fresh = D::fresh(importer.now, importer.entropy);
            (fresh.ok_or_else(|| Refusal::Row(missing_id()))?, None)
        }
    };
    // What the table has no column for stays as it is.
    let before = stored.clone().map(|entity| json(&D::from_entity(entity)));
    check_shown(&mut row, importer.kind, before.as_ref())?;
    if let Some(before) = &before {
        keep_edges(&mut row, before);
    }
    let mut wanted = before.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    wanted.extend(row);
    wanted.insert("id".to_owned(), Value::from(id.as_str()));
    let told = |path, after: Option<Value>| {
        let text = |value: Option<&Value>| value.map(ToString::to_string);
        (id.as_str().to_owned(), path, text(before.as_ref()), text(after.as_ref()))
    };
    let allowed = |path| allow(importer.who, path, importer.kind.entity, id.as_str()).map_err(of_row);
    if let Some(entity) = &stored {
        let place = allowed(entity.path(tx).map_err(Refusal::Database)?)?;
        if before.as_ref() == Some(&Value::Object(wanted.clone())) {
            return Ok((Stored::Unchanged, told(place, None)));
        }
    }
    let bytes = serde_json::to_vec(&wanted).unwrap_or_default();
    let document: D = crate::api::extract::parse(&bytes).map_err(Refusal::Row)?;
    let mut entity =
        document.into_entity(id.clone(), stored.as_ref().map_or(1, store.version)).map_err(Refusal::Row)?;
    let done = match &stored {
        Some(stored) => {
            D::keep_unseen(&mut entity, stored);
            (store.update)(tx, &entity).map_err(of_row)?;
            Stored::Updated
        }
        None => {
            (store.insert)(tx, &entity).map_err(of_row)?;
            Stored::Created
        }
    };
    let place = allowed(entity.path(tx).map_err(of_row)?)?;
    let after = json(&D::from_entity(entity));
    Ok((done, told(place, Some(after))))
}

/// What the row is to blame for, and what it is not.
fn of_row(error: DbError) -> Refusal {
    match error {
        DbError::NotFound { kind, id } => Refusal::Row(
            Problem::new(Code::UnknownReference)
                .detail(format!("没有 {kind} {id}"), format!("there is no {kind} {id}")),
        ),
        DbError::Conflict { .. } | DbError::Invalid { .. } | DbError::Forbidden(_) | DbError::Stale { .. } => {
            Refusal::Row(Problem::from(error))
        }
        other => Refusal::Database(other),
    }
}

/// A page of documents.
fn documents<E, D: Serialize>(slice: Slice<E>, document: impl Fn(E) -> D) -> (Vec<Value>, Option<String>) {
    let json = |entity| serde_json::to_value(document(entity)).unwrap_or_default();
    (slice.items.into_iter().map(json).collect(), slice.next)
}

/// A kind whose rows are stored as the REST interface stores its documents.
macro_rules! both_ways {
    ($name:literal $entity:literal $title:literal $fields:ident, $document:ident, $table:ident, $filter:ident) => {
        both_ways!($name $entity $title $fields, $document, $table, $filter,
            crate::db::$table::insert, crate::db::$table::update)
    };
    ($name:literal $entity:literal $title:literal $fields:ident, $document:ident, $table:ident, $filter:ident,
        $insert:path, $update:path) => {
        $crate::api::exchange::kinds::Kind {
            name: $name,
            entity: $entity,
            title: $title,
            fields: $fields,
            import: $crate::api::exchange::kinds::Import::Rows(|tx, row, importer| {
                $crate::api::exchange::kinds::save_row::<$document>(
                    tx,
                    row,
                    importer,
                    &$crate::api::exchange::kinds::Store {
                        get: crate::db::$table::get,
                        insert: $insert,
                        update: $update,
                        version: |entity| entity.version,
                    },
                )
            }),
            fetch: |conn, page, _reader| {
                let slice = crate::db::$table::list(conn, &crate::db::$table::$filter::default(), page)?;
                let document = <$document as $crate::api::resources::EntityDocument>::from_entity;
                Ok($crate::api::exchange::kinds::documents(slice, document))
            },
        }
    };
}

/// A kind that only goes out.
macro_rules! out_only {
    ($name:literal $entity:literal $title:literal $fields:ident, $table:ident, $filter:ident, $document:expr,
        $zh:literal, $en:literal) => {
        $crate::api::exchange::kinds::Kind {
            name: $name,
            entity: $entity,
            title: $title,
            fields: $fields,
            import: $crate::api::exchange::kinds::Import::Elsewhere($zh, $en),
            fetch: |conn, page, _reader| {
                let slice = crate::db::$table::list(conn, &crate::db::$table::$filter::default(), page)?;
                Ok($crate::api::exchange::kinds::documents(slice, $document))
            },
        }
    };
}

use {both_ways, out_only};

/// Every kind.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    let subjects = [
        organisation::KINDS,
        demand::KINDS,
        cases::KINDS,
        receptions::KINDS,
        sharing::KINDS,
        records::KINDS,
        access::KINDS,
        computed::KINDS,
    ];
    subjects.into_iter().flatten()
}

/// The kind of this name.
#[must_use]
pub fn kind(name: &str) -> Option<&'static Kind> {
    all().find(|kind| kind.name == name)
}

/// Everything of a kind that somebody may see, as rows of text.
///
/// # Errors
/// Those of the connection.
pub fn rows(conn: &mut Connection, kind: &Kind, reader: Reader<'_>) -> DbResult<Vec<Vec<String>>> {
    let mut all = Vec::new();
    let mut page = Page { visible: reader.who.visible(), ..Page::first(crate::db::MAX_PAGE) };
    loop {
        let (items, next) = (kind.fetch)(conn, &page, &reader)?;
        all.extend(items.iter().map(|item| kind.fields.iter().map(|field| written(field, item)).collect()));
        match next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}
