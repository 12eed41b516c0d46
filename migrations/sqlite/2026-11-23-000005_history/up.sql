-- History: what people did in past weeks, who changed what, requests already answered, demo data already loaded.
CREATE TABLE weekly_ledger (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    week_start DATE NOT NULL,
    minutes BIGINT NOT NULL,
    duties BIGINT NOT NULL,
    weekend_worked BOOLEAN NOT NULL,
    unsocial_duties BIGINT NOT NULL,
    -- Runs as they stand at the end of the week.
    consecutive_days BIGINT NOT NULL,
    consecutive_days_off BIGINT,
    consecutive_days_of_type BIGINT NOT NULL,
    last_shift_type TEXT REFERENCES shift_types (id),
    last_duty_end TIMESTAMP,
    total_duties BIGINT NOT NULL,
    total_weekends BIGINT NOT NULL,
    fairness_minutes BIGINT NOT NULL,
    fairness_unsocial_duties BIGINT NOT NULL,
    PRIMARY KEY (person, week_start)
);
CREATE INDEX weekly_ledger_week ON weekly_ledger (week_start);
CREATE INDEX weekly_ledger_shift_type ON weekly_ledger (last_shift_type);

CREATE TABLE familiar_places (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    PRIMARY KEY (person, station)
);
CREATE INDEX familiar_places_station ON familiar_places (station);

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

CREATE TABLE idempotency_keys (
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    response TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (operation, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE demo_loads (
    preset TEXT NOT NULL,
    seed TEXT NOT NULL,
    week_start DATE NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (preset, seed)
);
