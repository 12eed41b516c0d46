-- People: who they are, what they can do, where and when they may serve.
CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    category TEXT NOT NULL,
    home_unit TEXT NOT NULL REFERENCES units (id),
    phone TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    max_distance_metres BIGINT,
    contract TEXT REFERENCES contracts (id),
    active_from DATE,
    active_to DATE,
    trainee BOOLEAN NOT NULL,
    newcomer BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_sort ON people (sort_key, id);
CREATE INDEX people_home_unit ON people (home_unit, sort_key, id);
CREATE INDEX people_contract ON people (contract);

CREATE TABLE person_skills (
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    skill_id TEXT NOT NULL REFERENCES skills (id),
    level BIGINT NOT NULL,
    valid_until DATE,
    PRIMARY KEY (person_id, skill_id)
);
CREATE INDEX person_skills_skill ON person_skills (skill_id);

CREATE TABLE person_scopes (
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    PRIMARY KEY (person_id, unit_id)
);
CREATE INDEX person_scopes_unit ON person_scopes (unit_id);

CREATE TABLE apart_pairs (
    first_person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    second_person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason TEXT,
    PRIMARY KEY (first_person_id, second_person_id),
    CHECK (first_person_id < second_person_id)
);
CREATE INDEX apart_pairs_second ON apart_pairs (second_person_id);

CREATE TABLE secondments (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    host_unit TEXT NOT NULL REFERENCES units (id),
    from_date DATE NOT NULL,
    to_date DATE,
    min_minutes_week BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX secondments_person ON secondments (person);
CREATE INDEX secondments_host ON secondments (host_unit);

CREATE TABLE lendings (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    unit TEXT NOT NULL REFERENCES units (id),
    from_date DATE NOT NULL,
    to_date DATE,
    version BIGINT NOT NULL
);
CREATE INDEX lendings_person ON lendings (person);
CREATE INDEX lendings_unit ON lendings (unit);

CREATE TABLE availability (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- 1 Monday to 7 Sunday for a weekly statement; none for every day of its dates.
    weekday BIGINT,
    from_date DATE,
    to_date DATE,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    shift_type TEXT REFERENCES shift_types (id),
    station TEXT REFERENCES stations (id),
    weight BIGINT NOT NULL,
    reason TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX availability_person ON availability (person, id);
CREATE INDEX availability_shift_type ON availability (shift_type);
CREATE INDEX availability_station ON availability (station);
