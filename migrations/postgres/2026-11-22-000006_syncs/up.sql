-- Who suspended somebody: a source; nobody in particular means by hand, and no source undoes that.
ALTER TABLE people ADD COLUMN suspended_by BYTEA;
-- What a source said when it was last read in the background: 0 never, 1 may be used, 2 gone or disabled.
ALTER TABLE identities ADD COLUMN standing INTEGER NOT NULL DEFAULT 0;
-- When its source was first found without it.
ALTER TABLE people_groups ADD COLUMN gone_at BIGINT;

-- Runs of reading a source in the background. The report is sealed: it names people.
CREATE TABLE syncs (
  id BYTEA NOT NULL PRIMARY KEY,
  source BYTEA NOT NULL REFERENCES sources (id),
  dry BOOLEAN NOT NULL,
  state INTEGER NOT NULL,
  asked_by BYTEA,
  started_at BIGINT NOT NULL,
  alive_at BIGINT NOT NULL,
  ended_at BIGINT,
  summary TEXT NOT NULL,
  report BYTEA
);
CREATE INDEX syncs_source ON syncs (source, started_at);
-- One at a time, on however many nodes.
CREATE UNIQUE INDEX syncs_running ON syncs (source) WHERE ended_at IS NULL;
