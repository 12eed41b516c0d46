DROP TABLE audit_entries;
DROP FUNCTION audit_entries_refuse;
CREATE TABLE audit_entries (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    entity TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    reason TEXT COLLATE "C"
);
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_entity ON audit_entries (kind, entity, at);
