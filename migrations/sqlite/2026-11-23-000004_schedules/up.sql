-- Schedules: constraint profiles, plans of a unit's week, the jobs that make them, and what they hold.
CREATE TABLE profiles (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    unit TEXT REFERENCES units (id),
    latest BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX profiles_unit ON profiles (unit);

CREATE TABLE profile_versions (
    profile TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- Settings by rule code, JSON.
    rules TEXT NOT NULL,
    note TEXT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (profile, number)
);

CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (id),
    week_start DATE NOT NULL,
    days BIGINT NOT NULL,
    status TEXT NOT NULL,
    profile TEXT NOT NULL,
    profile_version BIGINT NOT NULL,
    accept_draft_calendar BOOLEAN NOT NULL,
    seed BIGINT NOT NULL,
    time_limit_seconds BIGINT NOT NULL,
    threads BIGINT NOT NULL,
    input_hash TEXT,
    outcome TEXT,
    -- The certificate as the solver gave it, JSON.
    certificate TEXT,
    created_at TIMESTAMP NOT NULL,
    planned_at TIMESTAMP,
    published_at TIMESTAMP,
    version BIGINT NOT NULL,
    FOREIGN KEY (profile, profile_version) REFERENCES profile_versions (profile, number)
);
CREATE INDEX schedules_week ON schedules (week_start, id);
CREATE INDEX schedules_unit ON schedules (unit, week_start, status);
CREATE INDEX schedules_profile ON schedules (profile, profile_version);

CREATE TABLE schedule_tiers (
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    tier BIGINT NOT NULL,
    value BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    gap DOUBLE PRECISION NOT NULL,
    method TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (schedule, tier)
);

CREATE TABLE schedule_rules (
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (schedule, rule)
);

CREATE TABLE unmet_needs (
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    post TEXT NOT NULL REFERENCES posts (id),
    station TEXT NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    missing BIGINT NOT NULL,
    busy_elsewhere BIGINT NOT NULL,
    -- People stopped by each rule, JSON.
    stopped_by TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    PRIMARY KEY (schedule, post)
);
CREATE INDEX unmet_needs_post ON unmet_needs (post);
CREATE INDEX unmet_needs_station ON unmet_needs (station);

CREATE TABLE assignments (
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    -- Counts the assignments of a schedule, never used twice.
    seq BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id),
    post TEXT NOT NULL REFERENCES posts (id),
    station TEXT NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    pinned BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (schedule, seq)
);
CREATE UNIQUE INDEX assignments_once ON assignments (schedule, person, post);
CREATE INDEX assignments_person ON assignments (person, date, start_minute);
CREATE INDEX assignments_station ON assignments (station, date, schedule);
CREATE INDEX assignments_post ON assignments (post);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    parts_done BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    incumbent TEXT,
    bound TEXT,
    stop_requested BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    worker TEXT,
    error_code TEXT,
    error_detail TEXT,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    heartbeat_at TIMESTAMP,
    finished_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX jobs_status ON jobs (status, created_at, id);
CREATE INDEX jobs_schedule ON jobs (schedule, id);
