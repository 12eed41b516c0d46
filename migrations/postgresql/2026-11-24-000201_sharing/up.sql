-- Shared resources of resident units: what there is, who lends and uses it, and what for.
CREATE TABLE resources (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    station TEXT COLLATE "C" REFERENCES stations (id),
    base_kind TEXT COLLATE "C",
    capacity BIGINT,
    quantity BIGINT NOT NULL,
    withdrawn_from DATE,
    withdrawn_to DATE,
    version BIGINT NOT NULL
);
CREATE INDEX resources_unit ON resources (unit, id);
CREATE INDEX resources_station ON resources (station);

CREATE TABLE resource_hours (
    resource_id TEXT COLLATE "C" NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    day TEXT COLLATE "C" NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    PRIMARY KEY (resource_id, day, start_minute)
);

CREATE TABLE resource_loans (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    quantity BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX resource_loans_resource ON resource_loans (resource, from_date);
CREATE INDEX resource_loans_unit ON resource_loans (unit);

CREATE TABLE bookings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    -- Activity or reception that needs it; those are kept as long as their bookings.
    activity TEXT COLLATE "C",
    reception TEXT COLLATE "C",
    source TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX bookings_resource ON bookings (resource, date, start_minute);
CREATE INDEX bookings_unit ON bookings (unit);
CREATE INDEX bookings_date ON bookings (date, start_minute, id);
CREATE INDEX bookings_activity ON bookings (activity);
CREATE INDEX bookings_reception ON bookings (reception);

CREATE TABLE needs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    title TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    kind TEXT COLLATE "C",
    quantity BIGINT NOT NULL,
    wanted_by DATE,
    resource TEXT COLLATE "C" REFERENCES resources (id),
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX needs_unit ON needs (unit, id);
CREATE INDEX needs_resource ON needs (resource);

CREATE TABLE projects (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    name TEXT COLLATE "C" NOT NULL,
    base_kind TEXT COLLATE "C",
    need TEXT COLLATE "C" REFERENCES needs (id),
    lead TEXT COLLATE "C" REFERENCES people (id),
    fund TEXT COLLATE "C" REFERENCES resources (id),
    budget_yuan BIGINT NOT NULL,
    from_date DATE,
    to_date DATE,
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX projects_unit ON projects (unit, id);
CREATE INDEX projects_need ON projects (need);
CREATE INDEX projects_lead ON projects (lead);
CREATE INDEX projects_fund ON projects (fund);

CREATE TABLE activities (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    base_kind TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    venue TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id),
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    participants BIGINT NOT NULL,
    skill TEXT COLLATE "C" REFERENCES skills (id),
    min_heads BIGINT NOT NULL,
    target_heads BIGINT NOT NULL,
    max_heads BIGINT NOT NULL,
    project TEXT COLLATE "C" REFERENCES projects (id),
    -- The post through which its helpers are planned.
    post TEXT COLLATE "C" NOT NULL REFERENCES posts (id),
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX activities_unit ON activities (unit, id);
CREATE INDEX activities_date ON activities (date, id);
CREATE INDEX activities_venue ON activities (venue);
CREATE INDEX activities_station ON activities (station);
CREATE INDEX activities_skill ON activities (skill);
CREATE INDEX activities_project ON activities (project);
CREATE UNIQUE INDEX activities_post ON activities (post);

CREATE TABLE activity_items (
    activity_id TEXT COLLATE "C" NOT NULL REFERENCES activities (id) ON DELETE CASCADE,
    resource_id TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    quantity BIGINT NOT NULL,
    PRIMARY KEY (activity_id, resource_id)
);
CREATE INDEX activity_items_resource ON activity_items (resource_id);

-- What happened to resources, for replans to read.
CREATE TABLE resource_events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    booking TEXT COLLATE "C",
    from_date DATE NOT NULL,
    to_date DATE,
    actor TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL
);
CREATE INDEX resource_events_resource ON resource_events (resource, id);
CREATE INDEX resource_events_from ON resource_events (from_date, id);
