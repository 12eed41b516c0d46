//! What handlers tell the audit trail: the documents that readers see, before and after.

use serde::Serialize;

use crate::db::Trail;
use crate::domain::AuditDraft;

/// Tells the audit trail of changes.
pub trait Tell {
    /// That somebody did something to an entity, with the documents before and after; an edit has both.
    fn did<D: Serialize>(
        &mut self,
        action: &'static str,
        subject: (&'static str, &str),
        path: Option<String>,
        before: Option<&D>,
        after: Option<&D>,
    );

    /// As [`Tell::did`], without documents and with a reason.
    fn because(
        &mut self,
        action: &'static str,
        subject: (&'static str, &str),
        path: Option<String>,
        reason: Option<String>,
    );
}

impl Tell for Trail<'_, '_> {
    fn did<D: Serialize>(
        &mut self,
        action: &'static str,
        (kind, id): (&'static str, &str),
        path: Option<String>,
        before: Option<&D>,
        after: Option<&D>,
    ) {
        let json = |document: &D| serde_json::to_string(document).unwrap_or_default();
        self.tell(AuditDraft {
            action,
            kind,
            entity: id.to_owned(),
            unit_path: path,
            before: before.map(json),
            after: after.map(json),
            reason: None,
        });
    }

    fn because(
        &mut self,
        action: &'static str,
        (kind, id): (&'static str, &str),
        path: Option<String>,
        reason: Option<String>,
    ) {
        let entity = id.to_owned();
        self.tell(AuditDraft { action, kind, entity, unit_path: path, before: None, after: None, reason });
    }
}
