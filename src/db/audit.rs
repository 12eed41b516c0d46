//! Audit entries, the latest first.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{check, record};
use super::schema::audit_entries as t;
use super::{Connection, DbResult, Tx};
use crate::domain::AuditEntry;

const KIND: &str = "audit entry";

record! {
    audit_entries, AuditEntry, AuditRow {
        id: String,
        at: NaiveDateTime,
        actor: String,
        action: String,
        kind: String,
        entity: String,
        before: Option<String>,
        after: Option<String>,
        reason: Option<String>,
    }
}

/// Which entries a list holds.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only about this kind of entity, such as `person`.
    pub kind: Option<String>,
    /// Only about the entity with this id.
    pub entity: Option<String>,
    /// Only by this actor.
    pub actor: Option<String>,
}

/// A page of entries, the latest first. Ids sort by time.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, filter: &AuditFilter, page: &Page) -> DbResult<Slice<AuditEntry>> {
    let before = page.cursor_parts::<1>()?;
    let rows: Vec<AuditRow> = on!(conn, c => {
        let mut query = t::table.select(AuditRow::as_select()).into_boxed();
        if let Some(kind) = &filter.kind {
            query = query.filter(t::kind.eq(kind));
        }
        if let Some(entity) = &filter.entity {
            query = query.filter(t::entity.eq(entity));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(t::actor.eq(actor));
        }
        if let Some([id]) = before {
            query = query.filter(t::id.lt(id));
        }
        query.order(t::id.desc()).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(AuditRow::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |entry: &AuditEntry| cursor(&[entry.id.as_str()])))
}

/// Adds an entry, in the transaction of the change that it tells of.
///
/// # Errors
/// [`DbError::Invalid`] when it has faults.
pub fn insert(tx: &mut Tx<'_>, entry: &AuditEntry) -> DbResult<()> {
    insert_many(tx, std::slice::from_ref(entry))
}

/// Adds many entries with few statements.
///
/// # Errors
/// As for one; then none is added.
pub fn insert_many(tx: &mut Tx<'_>, entries: &[AuditEntry]) -> DbResult<()> {
    for entry in entries {
        check(entry, KIND, entry.id.as_str())?;
    }
    for chunk in entries.chunks(rows_per_insert(AuditRow::COLUMNS)) {
        let rows: Vec<AuditRow> = chunk.iter().map(AuditRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}
