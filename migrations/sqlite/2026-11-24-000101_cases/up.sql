-- Residents' cases: what was recorded, how it stands, and every move that was made.
CREATE TABLE case_categories (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    skill TEXT REFERENCES skills (id),
    minutes BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX case_categories_skill ON case_categories (skill);

CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (id),
    intake_unit TEXT NOT NULL REFERENCES units (id),
    channel TEXT NOT NULL,
    subject TEXT NOT NULL,
    description TEXT,
    address TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    category TEXT REFERENCES case_categories (id),
    skill TEXT REFERENCES skills (id),
    minutes BIGINT,
    urgency BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    earliest DATE,
    deadline DATE NOT NULL,
    extended BOOLEAN NOT NULL,
    handler TEXT REFERENCES people (id),
    earlier_handler TEXT REFERENCES people (id),
    status TEXT NOT NULL,
    level BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    response_due DATE NOT NULL,
    responded_at TIMESTAMP,
    closed_at TIMESTAMP,
    satisfaction TEXT,
    warned_at TIMESTAMP,
    -- Reception where it came up; receptions come later in the schema and are never deleted while a case names them.
    reception TEXT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_number ON cases (number);
CREATE INDEX cases_unit ON cases (unit, received_at);
CREATE INDEX cases_intake_unit ON cases (intake_unit, received_at);
CREATE INDEX cases_deadline ON cases (deadline, id);
CREATE INDEX cases_status ON cases (status, deadline, id);
CREATE INDEX cases_latitude ON cases (latitude);
CREATE INDEX cases_handler ON cases (handler);
CREATE INDEX cases_earlier_handler ON cases (earlier_handler);
CREATE INDEX cases_category ON cases (category);
CREATE INDEX cases_skill ON cases (skill);
CREATE INDEX cases_reception ON cases (reception);

-- Apart from the case, so that a contact can be erased and the case stays.
CREATE TABLE case_contacts (
    case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    name TEXT,
    phone TEXT
);

CREATE TABLE case_exclusions (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (case_id, person_id)
);
CREATE INDEX case_exclusions_person ON case_exclusions (person_id);

-- Names of units and people as they were: history does not follow later changes and holds nobody back.
CREATE TABLE case_events (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    unit TEXT NOT NULL,
    handler TEXT,
    deadline DATE NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- The last serial given out under a prefix of speaking numbers.
CREATE TABLE serials (
    prefix TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
