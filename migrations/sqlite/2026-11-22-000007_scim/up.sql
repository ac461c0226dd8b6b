-- Tokens with which a source writes to us by SCIM; the database has their hashes only. Who issued and revoked them is on
-- record.
CREATE TABLE scim_tokens (
  id BLOB NOT NULL PRIMARY KEY,
  source BLOB NOT NULL REFERENCES sources (id),
  name TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  write BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BLOB,
  expires_at BIGINT NOT NULL,
  -- To the minute.
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX scim_tokens_source ON scim_tokens (source, created_at);

-- What such a source keeps here: users (kind 1, by the person's id) and groups (kind 2, by the group's). The document is sealed:
-- all that the source wrote.
CREATE TABLE scim_resources (
  source BLOB NOT NULL REFERENCES sources (id),
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  external_id TEXT,
  -- `userName`, `displayName`, in lower case.
  name_key TEXT NOT NULL,
  document BLOB NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (source, id)
);
CREATE UNIQUE INDEX scim_resources_user ON scim_resources (source, name_key) WHERE kind = 1;
CREATE INDEX scim_resources_name ON scim_resources (source, kind, name_key);
CREATE INDEX scim_resources_external ON scim_resources (source, kind, external_id);
CREATE INDEX scim_resources_order ON scim_resources (source, kind, id);

-- Whoever a source took away and names again is found by what they sign in with.
CREATE INDEX identities_login ON identities (source, login);
