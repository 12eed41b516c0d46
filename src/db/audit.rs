//! The audit trail: appended in the transaction of the change it tells of, each entry chained to the one before.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::dialect::{lock_audit, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::record;
use super::schema::audit_entries as t;
use super::units::PathRange;
use super::{Connection, DbResult, Tx};
use crate::domain::audit_chain::FIRST_HASH;
use crate::domain::{AuditDraft, AuditEntry, Visible};

const KIND: &str = "audit entry";

record! {
    audit_entries, AuditEntry, AuditRow {
        seq: i64,
        at: NaiveDateTime,
        actor: String,
        action: String,
        kind: String,
        entity: String,
        unit_path: Option<String>,
        before: Option<String>,
        after: Option<String>,
        reason: Option<String>,
        salt: Option<String>,
        payload_hash: String,
        previous_hash: String,
        hash: String,
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
    /// Only of this action.
    pub action: Option<String>,
    /// Only from this day on, UTC.
    pub from: Option<chrono::NaiveDate>,
    /// Only up to this day, inclusive, UTC.
    pub to: Option<chrono::NaiveDate>,
}

/// A page of entries, the latest first unless reversed.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, filter: &AuditFilter, page: &Page) -> DbResult<Slice<AuditEntry>> {
    let after = page.cursor_parts::<1>()?.and_then(|[seq]| seq.parse::<i64>().ok());
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
        if let Some(action) = &filter.action {
            query = query.filter(t::action.eq(action));
        }
        if let Some(from) = filter.from {
            query = query.filter(t::at.ge(from.and_time(chrono::NaiveTime::MIN)));
        }
        if let Some(end) = filter.to.and_then(|to| to.succ_opt()) {
            query = query.filter(t::at.lt(end.and_time(chrono::NaiveTime::MIN)));
        }
        if let Visible::Subtrees(paths) = &page.visible {
            let mut seen = t::table.select(t::seq).filter(t::seq.eq(0)).into_boxed();
            for range in paths.iter().map(|path| PathRange::of(path)) {
                seen = seen.or_filter(t::unit_path.ge(range.first).and(t::unit_path.lt(range.end)));
            }
            query = query.filter(t::seq.eq_any(seen));
        }
        query = if page.descending {
            query.filter(t::seq.gt(after.unwrap_or(0))).order(t::seq.asc())
        } else {
            query.filter(t::seq.lt(after.unwrap_or(i64::MAX))).order(t::seq.desc())
        };
        query.limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(AuditRow::restore).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |entry: &AuditEntry| cursor(&[&entry.seq.to_string()])))
}

/// What an entry is about, without what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Number of the entry.
    pub seq: i64,
    /// Who.
    pub actor: String,
    /// Kind of entity, such as `case`.
    pub kind: String,
    /// Id of the entity.
    pub entity: String,
    /// Path of the unit that it belongs to; none for what belongs to the whole network.
    pub unit_path: Option<String>,
}

/// Marks of the entries after a number, in order; at most so many.
///
/// # Errors
/// Those of the connection.
pub fn marks_after(conn: &mut Connection, seq: i64, most: i64) -> DbResult<Vec<Mark>> {
    let rows: Vec<(i64, String, String, String, Option<String>)> = on!(conn, c => {
        t::table
            .filter(t::seq.gt(seq))
            .order(t::seq.asc())
            .limit(most)
            .select((t::seq, t::actor, t::kind, t::entity, t::unit_path))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mark = |(seq, actor, kind, entity, unit_path)| Mark { seq, actor, kind, entity, unit_path };
    Ok(rows.into_iter().map(mark).collect())
}

/// Number of the last entry; 0 before the first.
///
/// # Errors
/// Those of the connection.
pub fn last_seq(conn: &mut Connection) -> DbResult<i64> {
    let last: Option<i64> = on!(conn, c => t::table.select(diesel::dsl::max(t::seq)).first(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    Ok(last.unwrap_or(0))
}

/// Appends entries, in the transaction of the change that they tell of. Other transactions wait from here on until this
/// one ends, so that it comes last.
pub(super) fn append(tx: &mut Tx<'_>, actor: &str, at: DateTime<Utc>, drafts: Vec<AuditDraft>) -> DbResult<()> {
    lock_audit(tx)?;
    let last: Option<(i64, String)> =
        on!(&mut **tx, c => t::table.order(t::seq.desc()).select((t::seq, t::hash)).first(c).optional())
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let (mut seq, mut previous_hash) = last.unwrap_or_else(|| (0, FIRST_HASH.to_owned()));
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in drafts {
        seq += 1;
        let entry = AuditEntry {
            seq,
            at,
            actor: actor.to_owned(),
            action: draft.action.to_owned(),
            kind: draft.kind.to_owned(),
            entity: draft.entity,
            unit_path: draft.unit_path,
            before: draft.before,
            after: draft.after,
            reason: draft.reason,
            salt: Some(uuid::Uuid::new_v4().simple().to_string()),
            payload_hash: String::new(),
            previous_hash,
            hash: String::new(),
        }
        .sealed();
        previous_hash = String::from(entry.hash.as_str());
        rows.push(AuditRow::store(&entry));
    }
    for chunk in rows.chunks(rows_per_insert(AuditRow::COLUMNS)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Erases what entries about an entity tell, and answers how many told something; that they were made, when and by
/// whom, stays, and so does the chain.
///
/// # Errors
/// Those of the connection.
pub fn erase(tx: &mut Tx<'_>, kind: &str, entity: &str) -> DbResult<usize> {
    let find = t::table.filter(t::kind.eq(kind).and(t::entity.eq(entity)).and(t::salt.is_not_null()));
    let nothing = None::<String>;
    on!(&mut **tx, c => {
        diesel::update(find)
            .set((t::before.eq(&nothing), t::after.eq(&nothing), t::reason.eq(&nothing), t::salt.eq(&nothing)))
            .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

/// The hash of the entry with this number.
///
/// # Errors
/// Those of the connection.
pub fn hash_of(conn: &mut Connection, seq: i64) -> DbResult<Option<String>> {
    on!(conn, c => t::table.find(seq).select(t::hash).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}

/// What a walk along the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of entries up to the fault, or of all.
    pub entries: i64,
    /// Entries whose payload has been erased.
    pub erased: u64,
    /// Hash of the last sound entry.
    pub head: String,
    /// Number of the first entry that is not sound, and why.
    pub fault: Option<(i64, &'static str)>,
}

/// Walks along the whole chain.
///
/// # Errors
/// Those of the connection.
pub fn verify(conn: &mut Connection) -> DbResult<Verified> {
    let mut walked = Verified { entries: 0, erased: 0, head: FIRST_HASH.to_owned(), fault: None };
    let mut page = Page { descending: true, ..Page::first(super::MAX_PAGE) };
    loop {
        let slice = list(conn, &AuditFilter::default(), &page)?;
        for entry in slice.items {
            if let Some(cause) = entry.broken_after(walked.entries, &walked.head) {
                walked.fault = Some((entry.seq, cause));
                return Ok(walked);
            }
            walked.entries = entry.seq;
            walked.erased += u64::from(entry.salt.is_none());
            walked.head = entry.hash;
        }
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok(walked),
        }
    }
}
