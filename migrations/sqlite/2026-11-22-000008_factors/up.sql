-- Second factors of accounts with a password of their own: codes (kind 1) and passkeys (kind 2). The content (secret, public key,
-- counter) is sealed; which were added and removed, by whom, is on record.
CREATE TABLE factors (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL REFERENCES people (id),
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  content BLOB NOT NULL,
  -- Of a passkey's credential id, so that no passkey opens two accounts.
  credential_hash BLOB,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  -- Of codes: the newest step of 30 seconds a code of which was used.
  last_step BIGINT
);
CREATE UNIQUE INDEX factors_name ON factors (person, name);
CREATE UNIQUE INDEX factors_credential ON factors (credential_hash);

-- Accounts for the day the sources are away. A row stays when that is taken off, with the time of the last use.
CREATE TABLE emergency (
  person BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
  active BOOLEAN NOT NULL,
  -- Addresses and networks with commas between; from anywhere when empty.
  networks TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  used_at BIGINT
);
