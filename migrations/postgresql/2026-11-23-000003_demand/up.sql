-- Demand: weekly templates, and the posts that they become on dates.
CREATE TABLE demand_templates (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    -- Bit 0 is Monday, bit 6 Sunday, bit 7 statutory days off.
    days BIGINT NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    skill TEXT COLLATE "C" REFERENCES skills (id),
    skill_level BIGINT NOT NULL,
    shift_type TEXT COLLATE "C" REFERENCES shift_types (id),
    min_heads BIGINT NOT NULL,
    target_heads BIGINT NOT NULL,
    max_heads BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    mix BOOLEAN NOT NULL,
    valid_from DATE,
    valid_to DATE,
    version BIGINT NOT NULL,
    CHECK (min_heads <= target_heads AND target_heads <= max_heads)
);
CREATE INDEX demand_templates_station ON demand_templates (station, id);
CREATE INDEX demand_templates_skill ON demand_templates (skill);
CREATE INDEX demand_templates_shift_type ON demand_templates (shift_type);

CREATE TABLE posts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    station TEXT COLLATE "C" NOT NULL REFERENCES stations (id),
    -- None for a post made by hand. Not a reference: a post outlives its template.
    template TEXT COLLATE "C",
    date DATE NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    skill TEXT COLLATE "C" REFERENCES skills (id),
    skill_level BIGINT NOT NULL,
    shift_type TEXT COLLATE "C" REFERENCES shift_types (id),
    min_heads BIGINT NOT NULL,
    target_heads BIGINT NOT NULL,
    max_heads BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    mix BOOLEAN NOT NULL,
    -- No longer wanted, and kept because a roster names it.
    retired BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CHECK (min_heads <= target_heads AND target_heads <= max_heads)
);
CREATE INDEX posts_date ON posts (date, start_minute, id);
CREATE INDEX posts_station ON posts (station, date);
CREATE INDEX posts_skill ON posts (skill);
CREATE INDEX posts_shift_type ON posts (shift_type);

CREATE TABLE post_exclusions (
    post_id TEXT COLLATE "C" NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, person_id)
);
CREATE INDEX post_exclusions_person ON post_exclusions (person_id);
