ALTER TABLE people DROP COLUMN information_officer;
