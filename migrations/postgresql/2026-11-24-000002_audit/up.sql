-- The audit trail: append-only, each entry chained to the one before by its hash. What an entry tells of a person can be
-- erased on request; its digest stays, so that the chain still holds.
DROP TABLE audit_entries;
CREATE TABLE audit_entries (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    entity TEXT COLLATE "C" NOT NULL,
    -- Path of the unit that the entity belongs to; none for what belongs to the whole network.
    unit_path TEXT COLLATE "C",
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    -- Random; gone when the payload has been erased.
    salt TEXT COLLATE "C",
    payload_hash TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_entries_entity ON audit_entries (kind, entity, seq);
CREATE INDEX audit_entries_actor ON audit_entries (actor, seq);
CREATE INDEX audit_entries_unit ON audit_entries (unit_path, seq);

CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only';
END
$$;

CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse();

CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse();

CREATE TRIGGER audit_entries_only_lose_payload BEFORE UPDATE ON audit_entries
    FOR EACH ROW WHEN (NEW.before IS NOT NULL OR NEW.after IS NOT NULL OR NEW.reason IS NOT NULL
        OR NEW.salt IS NOT NULL OR NEW.unit_path IS DISTINCT FROM OLD.unit_path
        OR NEW.seq <> OLD.seq
        OR NEW.at <> OLD.at
        OR NEW.actor <> OLD.actor
        OR NEW.action <> OLD.action
        OR NEW.kind <> OLD.kind
        OR NEW.entity <> OLD.entity
        OR NEW.payload_hash <> OLD.payload_hash
        OR NEW.previous_hash <> OLD.previous_hash
        OR NEW.hash <> OLD.hash)
    EXECUTE FUNCTION audit_entries_refuse();
