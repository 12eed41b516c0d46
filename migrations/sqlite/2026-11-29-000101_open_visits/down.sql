DROP TABLE planned_visits;
DROP TABLE visit_candidates;
CREATE TABLE visits_decided (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    unit TEXT NOT NULL REFERENCES units (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    households BIGINT NOT NULL,
    status TEXT NOT NULL,
    note TEXT,
    version BIGINT NOT NULL
);
INSERT INTO visits_decided
SELECT id, person, unit, date, start_minute, end_minute, households, status, note, version FROM visits
WHERE person IS NOT NULL AND date IS NOT NULL AND start_minute IS NOT NULL AND end_minute IS NOT NULL;
DROP TABLE visits;
ALTER TABLE visits_decided RENAME TO visits;
CREATE INDEX visits_person ON visits (person, date);
CREATE INDEX visits_unit ON visits (unit, date);
