-- The audit trail: append-only, each entry chained to the one before by its hash. What an entry tells of a person can be
-- erased on request; its digest stays, so that the chain still holds.
DROP TABLE audit_entries;
CREATE TABLE audit_entries (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    -- Path of the unit that the entity belongs to; none for what belongs to the whole network.
    unit_path TEXT,
    before TEXT,
    after TEXT,
    reason TEXT,
    -- Random; gone when the payload has been erased.
    salt TEXT,
    payload_hash TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_entries_entity ON audit_entries (kind, entity, seq);
CREATE INDEX audit_entries_actor ON audit_entries (actor, seq);
CREATE INDEX audit_entries_unit ON audit_entries (unit_path, seq);

CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_entries_only_lose_payload BEFORE UPDATE ON audit_entries
WHEN NEW.before IS NOT NULL OR NEW.after IS NOT NULL OR NEW.reason IS NOT NULL OR NEW.salt IS NOT NULL
    OR NEW.unit_path IS NOT OLD.unit_path
    OR NEW.seq <> OLD.seq
    OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor
    OR NEW.action <> OLD.action
    OR NEW.kind <> OLD.kind
    OR NEW.entity <> OLD.entity
    OR NEW.payload_hash <> OLD.payload_hash
    OR NEW.previous_hash <> OLD.previous_hash
    OR NEW.hash <> OLD.hash
BEGIN
    SELECT RAISE(ABORT, 'audit entries are append-only');
END;
