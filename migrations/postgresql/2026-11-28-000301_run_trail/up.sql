-- What a run had reached and when: one line each, milliseconds, values and bounds.
ALTER TABLE jobs ADD COLUMN trail TEXT COLLATE "C" NOT NULL DEFAULT '';
