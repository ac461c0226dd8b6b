-- Whom somebody reports to, as their source says.
ALTER TABLE people ADD COLUMN manager BYTEA REFERENCES people (id);
-- Which picture of somebody is shown: the first 16 digits of its SHA-256. NULL for those who have none.
ALTER TABLE people ADD COLUMN photo TEXT;

-- Pictures as they are shown, sealed; that one was set or taken away is on record.
CREATE TABLE people_photos (
  person BYTEA NOT NULL PRIMARY KEY REFERENCES people (id),
  -- Which source set it.
  source BYTEA NOT NULL,
  -- SHA-256 of what the source has, so that what did not change is not looked into.
  original BYTEA NOT NULL,
  picture BYTEA NOT NULL
);
CREATE INDEX people_photos_source ON people_photos (source);
