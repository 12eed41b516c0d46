-- What rosters decide about receptions.
CREATE TABLE planned_receptions (
    schedule TEXT COLLATE "C" NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    reception_id TEXT COLLATE "C" NOT NULL REFERENCES receptions (id) ON DELETE CASCADE,
    -- Version of the reception that was planned: one changed since stays as it is.
    reception_version BIGINT NOT NULL,
    held BOOLEAN NOT NULL,
    date DATE,
    start_minute BIGINT,
    end_minute BIGINT,
    host TEXT COLLATE "C" REFERENCES people (id),
    venue TEXT COLLATE "C" REFERENCES resources (id),
    reason_zh TEXT COLLATE "C" NOT NULL,
    reason_en TEXT COLLATE "C" NOT NULL,
    -- Whether publication has written it to the reception.
    carried_out BOOLEAN NOT NULL,
    PRIMARY KEY (schedule, reception_id)
);
CREATE INDEX planned_receptions_reception ON planned_receptions (reception_id);
CREATE INDEX planned_receptions_host ON planned_receptions (host, date);
CREATE INDEX planned_receptions_venue ON planned_receptions (venue);

CREATE TABLE planned_reception_deputies (
    schedule TEXT COLLATE "C" NOT NULL,
    reception_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    PRIMARY KEY (schedule, reception_id, person_id),
    FOREIGN KEY (schedule, reception_id) REFERENCES planned_receptions (schedule, reception_id) ON DELETE CASCADE
);
CREATE INDEX planned_reception_deputies_person ON planned_reception_deputies (person_id);
