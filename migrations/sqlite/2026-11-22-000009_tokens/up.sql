-- An access token is a session that no browser has: what it may be used for, a bit for each scope. NULL for those of browsers.
ALTER TABLE sessions ADD COLUMN scopes INTEGER;
-- Who answers for a bot. NULL for people.
ALTER TABLE people ADD COLUMN owner BLOB;
