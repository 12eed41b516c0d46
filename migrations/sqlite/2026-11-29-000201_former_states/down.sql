ALTER TABLE planned_visits DROP COLUMN former;
ALTER TABLE planned_receptions DROP COLUMN former;
