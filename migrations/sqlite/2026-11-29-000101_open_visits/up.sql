-- Visits that a plan may decide: who makes them and when stays open, within what was wanted.
CREATE TABLE visits_with_open (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT REFERENCES people (id),
    unit TEXT NOT NULL REFERENCES units (id),
    date DATE,
    start_minute BIGINT,
    end_minute BIGINT,
    households BIGINT NOT NULL,
    status TEXT NOT NULL,
    note TEXT,
    wanted_from DATE,
    wanted_until DATE,
    earliest_minute BIGINT,
    latest_minute BIGINT,
    minutes BIGINT,
    version BIGINT NOT NULL
);
INSERT INTO visits_with_open (id, person, unit, date, start_minute, end_minute, households, status, note, version)
SELECT id, person, unit, date, start_minute, end_minute, households, status, note, version FROM visits;
DROP TABLE visits;
ALTER TABLE visits_with_open RENAME TO visits;
CREATE INDEX visits_person ON visits (person, date);
CREATE INDEX visits_unit ON visits (unit, date);
CREATE INDEX visits_wanted ON visits (wanted_until);

CREATE TABLE visit_candidates (
    visit_id TEXT NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (visit_id, person_id)
);
CREATE INDEX visit_candidates_person ON visit_candidates (person_id);

-- What rosters decide about open visits.
CREATE TABLE planned_visits (
    schedule TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    visit_id TEXT NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    -- Version of the visit that was planned, and once carried out of what was written: one changed since stays as it is.
    visit_version BIGINT NOT NULL,
    made BOOLEAN NOT NULL,
    person TEXT REFERENCES people (id),
    date DATE,
    start_minute BIGINT,
    end_minute BIGINT,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    -- Whether publication has written it to the visit.
    carried_out BOOLEAN NOT NULL,
    PRIMARY KEY (schedule, visit_id)
);
CREATE INDEX planned_visits_visit ON planned_visits (visit_id);
CREATE INDEX planned_visits_person ON planned_visits (person, date);
