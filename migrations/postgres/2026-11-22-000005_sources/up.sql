-- Where people come from besides accounts made here: OpenID Connect providers and directories. Settings and secret are
-- sealed; what was changed, by whom, is on record.
CREATE TABLE sources (
  id BYTEA NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  enabled BOOLEAN NOT NULL,
  place INTEGER NOT NULL,
  settings BYTEA NOT NULL,
  secret BYTEA,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- Who somebody is at a source: its own unchanging name for them, never an e-mail address.
CREATE TABLE identities (
  source BYTEA NOT NULL REFERENCES sources (id),
  subject TEXT NOT NULL,
  person BYTEA NOT NULL REFERENCES people (id),
  login TEXT NOT NULL,
  linked_at BIGINT NOT NULL,
  seen_at BIGINT,
  PRIMARY KEY (source, subject)
);
CREATE INDEX identities_person ON identities (person);

-- Groups of people, whatever their source; a group without one is made here.
CREATE TABLE people_groups (
  id BYTEA NOT NULL PRIMARY KEY,
  source BYTEA REFERENCES sources (id),
  subject TEXT,
  name TEXT NOT NULL,
  roles INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_groups_subject ON people_groups (source, subject);
CREATE TABLE people_group_members (
  people_group BYTEA NOT NULL REFERENCES people_groups (id),
  person BYTEA NOT NULL REFERENCES people (id),
  PRIMARY KEY (people_group, person)
);
CREATE INDEX people_group_members_person ON people_group_members (person);

-- `roles` is what somebody may do; `own_roles` what of it was given by hand, the rest comes from groups.
ALTER TABLE people ADD COLUMN own_roles INTEGER NOT NULL DEFAULT 0;
UPDATE people SET own_roles = roles;
-- Whether some source knows the person, so that they can sign in without a password.
ALTER TABLE people ADD COLUMN linked BOOLEAN NOT NULL DEFAULT FALSE;
-- In lower case.
ALTER TABLE people ADD COLUMN email TEXT;
CREATE INDEX people_email ON people (email);
ALTER TABLE people ADD COLUMN title TEXT;
ALTER TABLE people ADD COLUMN department TEXT;

-- By which source somebody signed in, and what ends or proves the session there.
ALTER TABLE sessions ADD COLUMN source BYTEA;
ALTER TABLE sessions ADD COLUMN provider_session TEXT;
ALTER TABLE sessions ADD COLUMN id_token BYTEA;
-- When the person last proved who they are; for sessions begun before this was written, their beginning.
ALTER TABLE sessions ADD COLUMN proven_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET proven_at = created_at;

-- Hashes of what may be used once (states of sign-ins, logout tokens) until they would have expired anyway.
CREATE TABLE spent (
  hash BYTEA NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX spent_expires ON spent (expires_at);
