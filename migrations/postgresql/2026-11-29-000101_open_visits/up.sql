-- Visits that a plan may decide: who makes them and when stays open, within what was wanted.
ALTER TABLE visits ALTER COLUMN person DROP NOT NULL;
ALTER TABLE visits ALTER COLUMN date DROP NOT NULL;
ALTER TABLE visits ALTER COLUMN start_minute DROP NOT NULL;
ALTER TABLE visits ALTER COLUMN end_minute DROP NOT NULL;
ALTER TABLE visits ADD COLUMN wanted_from DATE;
ALTER TABLE visits ADD COLUMN wanted_until DATE;
ALTER TABLE visits ADD COLUMN earliest_minute BIGINT;
ALTER TABLE visits ADD COLUMN latest_minute BIGINT;
ALTER TABLE visits ADD COLUMN minutes BIGINT;
CREATE INDEX visits_wanted ON visits (wanted_until);

CREATE TABLE visit_candidates (
    visit_id TEXT COLLATE "C" NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    PRIMARY KEY (visit_id, person_id)
);
CREATE INDEX visit_candidates_person ON visit_candidates (person_id);

-- What rosters decide about open visits.
CREATE TABLE planned_visits (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    visit_id TEXT COLLATE "C" NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    -- Version of the visit that was planned, and once carried out of what was written: one changed since stays as it is.
    visit_version BIGINT NOT NULL,
    made BOOLEAN NOT NULL,
    person TEXT COLLATE "C" REFERENCES people (id),
    date DATE,
    start_minute BIGINT,
    end_minute BIGINT,
    reason_zh TEXT COLLATE "C" NOT NULL,
    reason_en TEXT COLLATE "C" NOT NULL,
    -- Whether publication has written it to the visit.
    carried_out BOOLEAN NOT NULL,
    PRIMARY KEY (schedule, visit_id)
);
CREATE INDEX planned_visits_visit ON planned_visits (visit_id);
CREATE INDEX planned_visits_person ON planned_visits (person, date);
