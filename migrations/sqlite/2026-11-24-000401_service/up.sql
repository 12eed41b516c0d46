-- What people do with the duties in force: confirm, decline, swap, claim, check in; and what they get of them.
CREATE TABLE duty_records (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    post TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    -- In force; otherwise it was once, and calendars show it as cancelled.
    in_force BOOLEAN NOT NULL,
    -- Counts the changes, for calendars.
    sequence BIGINT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP,
    checked_in_at TIMESTAMP,
    checked_in_by TEXT,
    checked_out_at TIMESTAMP,
    checked_out_by TEXT,
    reminded_at TIMESTAMP,
    PRIMARY KEY (person, post)
);
CREATE INDEX duty_records_post ON duty_records (post);
CREATE INDEX duty_records_station ON duty_records (station, date);
CREATE INDEX duty_records_date ON duty_records (date, in_force);

CREATE TABLE replan_events (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    post TEXT NOT NULL,
    station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason TEXT,
    at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX replan_events_schedule ON replan_events (schedule);
CREATE INDEX replan_events_station ON replan_events (station, date);
CREATE INDEX replan_events_person ON replan_events (person);

CREATE TABLE swaps (
    id TEXT NOT NULL PRIMARY KEY,
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    -- The assignment that is given, as it was when it was offered.
    seq BIGINT NOT NULL,
    assignment_version BIGINT NOT NULL,
    post TEXT NOT NULL,
    station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    giver TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    -- Whom it is offered to; none for whoever may.
    taker TEXT REFERENCES people (id) ON DELETE CASCADE,
    -- The assignment wanted in return; none for giving away.
    return_seq BIGINT,
    return_version BIGINT,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX swaps_schedule ON swaps (schedule);
CREATE INDEX swaps_station ON swaps (station, status);
CREATE INDEX swaps_giver ON swaps (giver);
CREATE INDEX swaps_taker ON swaps (taker);

CREATE TABLE service_policies (
    unit TEXT NOT NULL PRIMARY KEY REFERENCES units (id) ON DELETE CASCADE,
    swap_mode TEXT NOT NULL,
    -- Until when in a week people state their availability for the next one.
    availability_weekday BIGINT NOT NULL,
    availability_minute BIGINT NOT NULL,
    check_in_before_minutes BIGINT NOT NULL,
    check_in_after_minutes BIGINT NOT NULL,
    quiet_from_minute BIGINT NOT NULL,
    quiet_to_minute BIGINT NOT NULL,
    reminder_hours BIGINT NOT NULL,
    open_alert_hours BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE service_records (
    -- What a reader types to have a printed record verified.
    code TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    duties BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    issued_at TIMESTAMP NOT NULL
);
CREATE INDEX service_records_person ON service_records (person);

CREATE TABLE calendar_keys (
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret part of the address.
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    -- Exactly one of person and station.
    person TEXT REFERENCES people (id) ON DELETE CASCADE,
    station TEXT REFERENCES stations (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_keys_hash ON calendar_keys (hash);
CREATE INDEX calendar_keys_account ON calendar_keys (account);
CREATE INDEX calendar_keys_person ON calendar_keys (person);
CREATE INDEX calendar_keys_station ON calendar_keys (station);

CREATE TABLE schedule_overrides (
    id TEXT NOT NULL PRIMARY KEY,
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    post TEXT NOT NULL,
    rule TEXT NOT NULL,
    detail_zh TEXT NOT NULL,
    detail_en TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX schedule_overrides_schedule ON schedule_overrides (schedule);
CREATE INDEX schedule_overrides_person ON schedule_overrides (person);
