-- Which archive these keys open.
CREATE TABLE key_store (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  archive_uid BLOB NOT NULL
);

CREATE TABLE wrapping_keys (
  id BLOB NOT NULL PRIMARY KEY,
  period INTEGER NOT NULL UNIQUE,
  nonce BLOB NOT NULL,
  wrapped BLOB NOT NULL,
  created_at BIGINT NOT NULL
);

-- month: year * 100 + month in UTC, or 0 for a standing key.
CREATE TABLE data_keys (
  id BLOB NOT NULL PRIMARY KEY,
  scope INTEGER NOT NULL,
  subject BLOB NOT NULL,
  month INTEGER NOT NULL,
  wrapping_key BLOB NOT NULL REFERENCES wrapping_keys (id),
  nonce BLOB NOT NULL,
  wrapped BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (scope, subject, month)
);
