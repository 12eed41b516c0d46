-- Receptions and visits of deputies: who, where, when, what residents bring, and what is owed in a year.
CREATE TABLE receptions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    slot_minutes BIGINT NOT NULL,
    per_slot BIGINT NOT NULL,
    venue TEXT COLLATE "C" REFERENCES resources (id),
    host TEXT COLLATE "C" REFERENCES people (id),
    status TEXT COLLATE "C" NOT NULL,
    announced_at TIMESTAMP,
    moved_from DATE,
    moved_because TEXT COLLATE "C",
    recorded_at TIMESTAMP,
    handover_due DATE NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX receptions_date ON receptions (date, id);
CREATE INDEX receptions_station ON receptions (station, date);
CREATE INDEX receptions_venue ON receptions (venue);
CREATE INDEX receptions_host ON receptions (host);

CREATE TABLE reception_deputies (
    reception_id TEXT COLLATE "C" NOT NULL REFERENCES receptions (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    PRIMARY KEY (reception_id, person_id)
);
CREATE INDEX reception_deputies_person ON reception_deputies (person_id);

CREATE TABLE reception_matters (
    reception TEXT COLLATE "C" NOT NULL REFERENCES receptions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    start_minute BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    skill TEXT COLLATE "C" REFERENCES skills (id),
    name TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    case_id TEXT COLLATE "C" REFERENCES cases (id),
    booked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (reception, number)
);
CREATE INDEX reception_matters_skill ON reception_matters (skill);
CREATE INDEX reception_matters_case ON reception_matters (case_id);

CREATE TABLE visits (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    person TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    households BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    version BIGINT NOT NULL
);
CREATE INDEX visits_person ON visits (person, date);
CREATE INDEX visits_unit ON visits (unit, date);

CREATE TABLE quotas (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" REFERENCES people (id),
    station TEXT COLLATE "C" REFERENCES stations (id),
    year BIGINT NOT NULL,
    target BIGINT NOT NULL,
    done_before BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX quotas_person ON quotas (person, kind, year);
CREATE UNIQUE INDEX quotas_station ON quotas (station, kind, year);
