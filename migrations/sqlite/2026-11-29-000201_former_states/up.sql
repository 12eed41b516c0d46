-- How receptions and visits stood before publication wrote to them, as JSON: a withdrawn publication puts that back.
ALTER TABLE planned_receptions ADD COLUMN former TEXT;
ALTER TABLE planned_visits ADD COLUMN former TEXT;
