//! The chain of the audit trail: each entry names the hash of the one before, so that none can be changed, removed or
//! put in between without every later hash telling.

use sha2::{Digest as _, Sha256};

use super::history::AuditEntry;

/// The hash before the first entry.
pub const FIRST_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Digest of parts, each preceded by its length, so that no two lists of parts look alike.
fn digest(parts: &[Option<&str>]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        match part {
            None => hasher.update(b"-;"),
            Some(text) => {
                hasher.update(format!("{}:", text.len()).as_bytes());
                hasher.update(text.as_bytes());
                hasher.update(b";");
            }
        }
    }
    hasher.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

impl AuditEntry {
    /// The digest of the payload, as it is now.
    #[must_use]
    pub fn payload_digest(&self) -> String {
        digest(&[self.salt.as_deref(), self.before.as_deref(), self.after.as_deref(), self.reason.as_deref()])
    }

    /// The digest of everything but the payload, which stands in by its own digest.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&[
            Some("paiban audit 1"),
            Some(&self.seq.to_string()),
            Some(&self.at.timestamp_micros().to_string()),
            Some(&self.actor),
            Some(&self.action),
            Some(&self.kind),
            Some(&self.entity),
            self.unit_path.as_deref(),
            Some(&self.payload_hash),
            Some(&self.previous_hash),
        ])
    }

    /// Fills in both digests.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.payload_hash = self.payload_digest();
        self.hash = self.digest();
        self
    }

    /// What is wrong with the entry, given the number and hash of the one before.
    #[must_use]
    pub fn broken_after(&self, seq: i64, hash: &str) -> Option<&'static str> {
        if self.seq != seq + 1 {
            Some("an entry before it is missing")
        } else if self.previous_hash != hash {
            Some("the entry before it is another one")
        } else if self.hash != self.digest() {
            Some("it has been changed")
        } else if self.salt.is_some() && self.payload_hash != self.payload_digest() {
            Some("what it tells has been changed")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: i64, previous_hash: &str) -> AuditEntry {
        AuditEntry {
            seq,
            at: chrono::DateTime::UNIX_EPOCH,
            actor: "lin".to_owned(),
            action: "update".to_owned(),
            kind: "person".to_owned(),
            entity: "p-1".to_owned(),
            unit_path: None,
            before: Some("{}".to_owned()),
            after: Some("{\"a\":1}".to_owned()),
            reason: None,
            salt: Some("s".to_owned()),
            payload_hash: String::new(),
            previous_hash: previous_hash.to_owned(),
            hash: String::new(),
        }
        .sealed()
    }

    #[test]
    fn every_change_breaks_the_chain_and_erasing_does_not() {
        let first = entry(1, FIRST_HASH);
        let second = entry(2, &first.hash);
        assert_eq!(second.broken_after(1, &first.hash), None);
        assert!(second.broken_after(0, FIRST_HASH).is_some(), "the first one is gone");
        for change in [
            |entry: &mut AuditEntry| entry.actor = "zhao".to_owned(),
            |entry: &mut AuditEntry| entry.after = Some("{\"a\":2}".to_owned()),
            |entry: &mut AuditEntry| entry.unit_path = Some("1/".to_owned()),
            |entry: &mut AuditEntry| entry.reason = Some(String::new()),
            |entry: &mut AuditEntry| entry.previous_hash = FIRST_HASH.to_owned(),
        ] {
            let mut changed = second.clone();
            change(&mut changed);
            assert!(changed.broken_after(1, &first.hash).is_some(), "{changed:?}");
        }
        let erased = AuditEntry { before: None, after: None, reason: None, salt: None, ..second };
        assert_eq!(erased.broken_after(1, &first.hash), None);
    }
}
