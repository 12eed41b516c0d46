-- Residents' cases: what was recorded, how it stands, and every move that was made.
CREATE TABLE case_categories (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    skill TEXT COLLATE "C" REFERENCES skills (id),
    minutes BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX case_categories_skill ON case_categories (skill);

CREATE TABLE cases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    intake_unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    channel TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    address TEXT COLLATE "C",
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    category TEXT COLLATE "C" REFERENCES case_categories (id),
    skill TEXT COLLATE "C" REFERENCES skills (id),
    minutes BIGINT,
    urgency BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    earliest DATE,
    deadline DATE NOT NULL,
    extended BOOLEAN NOT NULL,
    handler TEXT COLLATE "C" REFERENCES people (id),
    earlier_handler TEXT COLLATE "C" REFERENCES people (id),
    status TEXT COLLATE "C" NOT NULL,
    level BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    response_due DATE NOT NULL,
    responded_at TIMESTAMP,
    closed_at TIMESTAMP,
    satisfaction TEXT COLLATE "C",
    warned_at TIMESTAMP,
    -- Reception where it came up; receptions come later in the schema and are never deleted while a case names them.
    reception TEXT COLLATE "C",
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
    case_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    name TEXT COLLATE "C",
    phone TEXT COLLATE "C"
);

CREATE TABLE case_exclusions (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    PRIMARY KEY (case_id, person_id)
);
CREATE INDEX case_exclusions_person ON case_exclusions (person_id);

-- Names of units and people as they were: history does not follow later changes and holds nobody back.
CREATE TABLE case_events (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    from_status TEXT COLLATE "C",
    to_status TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    handler TEXT COLLATE "C",
    deadline DATE NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- The last serial given out under a prefix of speaking numbers.
CREATE TABLE serials (
    prefix TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
