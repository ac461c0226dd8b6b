-- Whether employees may join by themselves.
ALTER TABLE conversations ADD COLUMN open BOOLEAN NOT NULL DEFAULT FALSE;
-- The newest message when a member came: what stands above counts as read.
ALTER TABLE members ADD COLUMN since_ordinal BIGINT NOT NULL DEFAULT 0;
-- What a person has arranged for themselves, sealed; no record.
CREATE TABLE preferences (
  person BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
  revision BIGINT NOT NULL,
  document BLOB NOT NULL,
  changed_at BIGINT NOT NULL
);
-- The newest message that reached one of a member's devices.
ALTER TABLE marks ADD COLUMN received_ordinal BIGINT NOT NULL DEFAULT 0;
