-- Whether employees may join by themselves.
ALTER TABLE conversations ADD COLUMN open BOOLEAN NOT NULL DEFAULT FALSE;
-- The newest message when a member came: what stands above counts as read.
ALTER TABLE members ADD COLUMN since_ordinal BIGINT NOT NULL DEFAULT 0;
