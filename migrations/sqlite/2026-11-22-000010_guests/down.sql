ALTER TABLE people DROP COLUMN ends_at;
ALTER TABLE people DROP COLUMN sponsor;
