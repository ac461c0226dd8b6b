-- What this database belongs to: the same id stands in the key store.
CREATE TABLE archive (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uid BLOB NOT NULL CHECK (length(uid) = 16),
  created_at BIGINT NOT NULL
);

-- One row. Taking it is the first statement of every transaction that writes records.
CREATE TABLE journal_head (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  epoch BIGINT NOT NULL,
  position BIGINT NOT NULL,
  control_position BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
INSERT INTO journal_head (id, epoch, position, control_position, last_at) VALUES (1, 1, 0, 0, 0);

CREATE TABLE journal (
  position INTEGER NOT NULL PRIMARY KEY,
  record BLOB NOT NULL UNIQUE,
  stream BLOB NOT NULL,
  seq BIGINT,
  kind INTEGER NOT NULL,
  header BLOB NOT NULL
);
CREATE UNIQUE INDEX journal_stream_seq ON journal (stream, seq) WHERE seq IS NOT NULL;

CREATE TABLE payloads (
  record BLOB NOT NULL PRIMARY KEY,
  data_key BLOB NOT NULL,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL
);

-- Holds a row only inside the transaction of a disposal; empty outside it.
CREATE TABLE disposal_open (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1));

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal WHEN NOT EXISTS (SELECT 1 FROM disposal_open)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER payloads_no_update BEFORE UPDATE ON payloads
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER payloads_no_delete BEFORE DELETE ON payloads WHEN NOT EXISTS (SELECT 1 FROM disposal_open)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE sent (
  author BLOB NOT NULL,
  client_id BLOB NOT NULL,
  record BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (author, client_id)
);
CREATE INDEX sent_at ON sent (at);

CREATE TABLE people (
  id BLOB NOT NULL PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  roles INTEGER NOT NULL,
  status BLOB,
  password TEXT,
  suspended_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL REFERENCES people (id),
  token_hash BLOB NOT NULL UNIQUE,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE links (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  person BLOB REFERENCES people (id),
  token_hash BLOB NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE login_delays (
  subject BLOB NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  until BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE conversations (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  pair BLOB UNIQUE,
  name BLOB,
  topic BLOB,
  last_seq BIGINT NOT NULL,
  last_ordinal BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE members (
  conversation BLOB NOT NULL REFERENCES conversations (id),
  person BLOB NOT NULL REFERENCES people (id),
  role INTEGER NOT NULL,
  since_seq BIGINT NOT NULL,
  until_seq BIGINT,
  PRIMARY KEY (conversation, person)
);
CREATE INDEX members_person ON members (person);

CREATE TABLE messages (
  id BLOB NOT NULL PRIMARY KEY,
  conversation BLOB NOT NULL,
  seq BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  author BLOB NOT NULL,
  at BIGINT NOT NULL,
  current_record BLOB NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT,
  revision BIGINT NOT NULL,
  reply_to BLOB,
  thread_root BLOB,
  reactions BLOB
);
CREATE UNIQUE INDEX messages_seq ON messages (conversation, seq);
CREATE UNIQUE INDEX messages_ordinal ON messages (conversation, ordinal);

CREATE TABLE marks (
  conversation BLOB NOT NULL,
  person BLOB NOT NULL,
  read_ordinal BIGINT NOT NULL,
  PRIMARY KEY (conversation, person)
);

CREATE TABLE drafts (
  conversation BLOB NOT NULL,
  person BLOB NOT NULL,
  text BLOB NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (conversation, person)
);
