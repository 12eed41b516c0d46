-- What rosters decide about residents' cases.
CREATE TABLE planned_cases (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    settlement TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" REFERENCES people (id),
    date DATE,
    start_minute BIGINT,
    end_minute BIGINT,
    reason_zh TEXT COLLATE "C" NOT NULL,
    reason_en TEXT COLLATE "C" NOT NULL,
    -- Whether publication has moved the case accordingly.
    carried_out BOOLEAN NOT NULL,
    PRIMARY KEY (schedule, case_id)
);
CREATE INDEX planned_cases_case ON planned_cases (case_id);
CREATE INDEX planned_cases_unit ON planned_cases (unit);
CREATE INDEX planned_cases_person ON planned_cases (person, date);
