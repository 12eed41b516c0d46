DROP TABLE audit_entries;
CREATE TABLE audit_entries (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    before TEXT,
    after TEXT,
    reason TEXT
);
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_entity ON audit_entries (kind, entity, at);
