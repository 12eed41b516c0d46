-- Volunteers who are information officers too; officers who are not volunteers have a category of their own.
ALTER TABLE people ADD COLUMN information_officer BOOLEAN NOT NULL DEFAULT FALSE;
