-- Schedules: constraint profiles, plans of a unit's week, the jobs that make them, and what they hold.
CREATE TABLE profiles (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" REFERENCES units (id),
    latest BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX profiles_unit ON profiles (unit);

CREATE TABLE profile_versions (
    profile TEXT COLLATE "C" NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- Settings by rule code, JSON.
    rules TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (profile, number)
);

CREATE TABLE schedules (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    week_start DATE NOT NULL,
    days BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    profile_version BIGINT NOT NULL,
    accept_draft_calendar BOOLEAN NOT NULL,
    seed BIGINT NOT NULL,
    time_limit_seconds BIGINT NOT NULL,
    threads BIGINT NOT NULL,
    input_hash TEXT COLLATE "C",
    outcome TEXT COLLATE "C",
    -- The certificate as the solver gave it, JSON.
    certificate TEXT COLLATE "C",
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
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    tier BIGINT NOT NULL,
    value BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    gap DOUBLE PRECISION NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (schedule, tier)
);

CREATE TABLE schedule_rules (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    rule TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (schedule, rule)
);

CREATE TABLE unmet_needs (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    post TEXT COLLATE "C" NOT NULL REFERENCES posts (id),
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    missing BIGINT NOT NULL,
    busy_elsewhere BIGINT NOT NULL,
    -- People stopped by each rule, JSON.
    stopped_by TEXT COLLATE "C" NOT NULL,
    reason_zh TEXT COLLATE "C" NOT NULL,
    reason_en TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (schedule, post)
);
CREATE INDEX unmet_needs_post ON unmet_needs (post);
CREATE INDEX unmet_needs_station ON unmet_needs (station);

CREATE TABLE assignments (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    -- Counts the assignments of a schedule, never used twice.
    seq BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    post TEXT COLLATE "C" NOT NULL REFERENCES posts (id),
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    pinned BOOLEAN NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (schedule, seq)
);
CREATE UNIQUE INDEX assignments_once ON assignments (schedule, person, post);
CREATE INDEX assignments_person ON assignments (person, date, start_minute);
CREATE INDEX assignments_station ON assignments (station, date, schedule);
CREATE INDEX assignments_post ON assignments (post);

CREATE TABLE jobs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    parts_done BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    incumbent TEXT COLLATE "C",
    bound TEXT COLLATE "C",
    stop_requested BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    worker TEXT COLLATE "C",
    error_code TEXT COLLATE "C",
    error_detail TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    heartbeat_at TIMESTAMP,
    finished_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX jobs_status ON jobs (status, created_at, id);
CREATE INDEX jobs_schedule ON jobs (schedule, id);
