-- The network: units, the statutory calendar, skills, shift types, contracts.
CREATE TABLE units (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    parent TEXT COLLATE "C" REFERENCES units (id),
    level TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- Ids from the root to the unit, each followed by a slash: a subtree is one range of paths.
    path TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX units_path ON units (path);
CREATE INDEX units_parent ON units (parent);

CREATE TABLE skills (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE shift_types (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    min_consecutive_days BIGINT,
    max_consecutive_days BIGINT,
    version BIGINT NOT NULL
);

CREATE TABLE shift_type_successions (
    shift_type_id TEXT COLLATE "C" NOT NULL REFERENCES shift_types (id) ON DELETE CASCADE,
    forbidden_next_id TEXT COLLATE "C" NOT NULL REFERENCES shift_types (id) ON DELETE CASCADE,
    PRIMARY KEY (shift_type_id, forbidden_next_id)
);
CREATE INDEX shift_type_successions_next ON shift_type_successions (forbidden_next_id);

CREATE TABLE calendar_years (
    year BIGINT NOT NULL PRIMARY KEY,
    published BOOLEAN NOT NULL,
    source TEXT COLLATE "C",
    version BIGINT NOT NULL
);

CREATE TABLE calendar_days (
    date DATE NOT NULL PRIMARY KEY,
    year BIGINT NOT NULL REFERENCES calendar_years (year) ON DELETE CASCADE,
    is_off BOOLEAN NOT NULL,
    name TEXT COLLATE "C",
    source TEXT COLLATE "C"
);
CREATE INDEX calendar_days_year ON calendar_days (year);

CREATE TABLE contracts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    max_minutes_day BIGINT,
    max_duties_day BIGINT,
    max_minutes_week BIGINT,
    max_duties_week BIGINT,
    max_minutes_four_weeks BIGINT,
    min_minutes_horizon BIGINT,
    max_minutes_horizon BIGINT,
    min_rest_minutes BIGINT,
    max_consecutive_days BIGINT,
    min_consecutive_days BIGINT,
    min_consecutive_days_off BIGINT,
    max_weekends_four_weeks BIGINT,
    max_weekends_horizon BIGINT,
    min_minutes_week BIGINT NOT NULL,
    soft_min_consecutive_days BIGINT,
    soft_max_consecutive_days BIGINT,
    soft_min_consecutive_days_off BIGINT,
    soft_max_consecutive_days_off BIGINT,
    min_total_duties BIGINT,
    max_total_duties BIGINT,
    max_total_weekends BIGINT,
    complete_weekends BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CHECK (max_minutes_week IS NULL OR min_minutes_week <= max_minutes_week)
);

CREATE TABLE contract_type_limits (
    contract_id TEXT COLLATE "C" NOT NULL REFERENCES contracts (id) ON DELETE CASCADE,
    shift_type_id TEXT COLLATE "C" NOT NULL REFERENCES shift_types (id),
    max_duties BIGINT NOT NULL,
    PRIMARY KEY (contract_id, shift_type_id)
);
CREATE INDEX contract_type_limits_type ON contract_type_limits (shift_type_id);

CREATE TABLE stations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    always_open BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX stations_unit ON stations (unit);

CREATE TABLE station_hours (
    station_id TEXT COLLATE "C" NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    day TEXT COLLATE "C" NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    PRIMARY KEY (station_id, day, start_minute)
);
