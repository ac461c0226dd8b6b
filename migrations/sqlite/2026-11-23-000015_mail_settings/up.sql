-- Settings of mail that were set in the console, as one sealed document with its secrets; one row at most. What was changed,
-- by whom, is on record.
CREATE TABLE mail_settings (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  document BLOB NOT NULL,
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
