-- What this database belongs to: the same id stands in the key store.
CREATE TABLE archive (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uid BYTEA NOT NULL CHECK (octet_length(uid) = 16),
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
  position BIGINT NOT NULL PRIMARY KEY,
  record BYTEA NOT NULL UNIQUE,
  stream BYTEA NOT NULL,
  seq BIGINT,
  kind INTEGER NOT NULL,
  header BYTEA NOT NULL
);
CREATE UNIQUE INDEX journal_stream_seq ON journal (stream, seq) WHERE seq IS NOT NULL;

CREATE TABLE payloads (
  record BYTEA NOT NULL PRIMARY KEY,
  data_key BYTEA NOT NULL,
  nonce BYTEA NOT NULL,
  ciphertext BYTEA NOT NULL
);

-- Holds a row only inside the transaction of a disposal; empty outside it.
CREATE TABLE disposal_open (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1));

-- The server's own role has INSERT and SELECT on journal and payloads, and nothing else: see `chancery migrate`.

CREATE TABLE sent (
  author BYTEA NOT NULL,
  client_id BYTEA NOT NULL,
  record BYTEA NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (author, client_id)
);
CREATE INDEX sent_at ON sent (at);

CREATE TABLE people (
  id BYTEA NOT NULL PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  roles INTEGER NOT NULL,
  status BYTEA,
  password TEXT,
  suspended_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  id BYTEA NOT NULL PRIMARY KEY,
  person BYTEA NOT NULL REFERENCES people (id),
  token_hash BYTEA NOT NULL UNIQUE,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE links (
  id BYTEA NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  person BYTEA REFERENCES people (id),
  token_hash BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE login_delays (
  subject BYTEA NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  until BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE conversations (
  id BYTEA NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  pair BYTEA UNIQUE,
  name BYTEA,
  topic BYTEA,
  last_seq BIGINT NOT NULL,
  last_ordinal BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE members (
  conversation BYTEA NOT NULL REFERENCES conversations (id),
  person BYTEA NOT NULL REFERENCES people (id),
  role INTEGER NOT NULL,
  since_seq BIGINT NOT NULL,
  until_seq BIGINT,
  PRIMARY KEY (conversation, person)
);
CREATE INDEX members_person ON members (person);

CREATE TABLE messages (
  id BYTEA NOT NULL PRIMARY KEY,
  conversation BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  author BYTEA NOT NULL,
  at BIGINT NOT NULL,
  current_record BYTEA NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT,
  revision BIGINT NOT NULL,
  reply_to BYTEA,
  thread_root BYTEA,
  reactions BYTEA
);
CREATE UNIQUE INDEX messages_seq ON messages (conversation, seq);
CREATE UNIQUE INDEX messages_ordinal ON messages (conversation, ordinal);

CREATE TABLE marks (
  conversation BYTEA NOT NULL,
  person BYTEA NOT NULL,
  read_ordinal BIGINT NOT NULL,
  PRIMARY KEY (conversation, person)
);

CREATE TABLE drafts (
  conversation BYTEA NOT NULL,
  person BYTEA NOT NULL,
  text BYTEA NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (conversation, person)
);
