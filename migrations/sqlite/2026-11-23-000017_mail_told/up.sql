-- The newest message of which a mail spoke: none goes for it and those before it again.
ALTER TABLE mail_pairs ADD COLUMN told BIGINT NOT NULL DEFAULT 0;

-- Pairs of which nothing need be known any more are found by it.
CREATE INDEX mail_pairs_idle ON mail_pairs (next_at) WHERE due_at IS NULL;
