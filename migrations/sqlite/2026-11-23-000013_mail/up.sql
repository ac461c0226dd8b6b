-- When somebody read up to their mark, and on which of their sessions.
ALTER TABLE marks ADD COLUMN read_at BIGINT;
ALTER TABLE marks ADD COLUMN read_by BLOB;

-- How far effects have followed the journal. What stood there before there was such an effect does not count.
CREATE TABLE followers (
  name TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);
INSERT INTO followers (name, position) SELECT 'mail', position FROM journal_head;

-- People who had something unread for long enough to look at: what is to be decided about a person and a conversation, and
-- when. Ordinals are those of messages; 0 when there is none.
CREATE TABLE mail_pairs (
  person BLOB NOT NULL,
  conversation BLOB NOT NULL,
  -- When to look; NULL when there is nothing to look at.
  due_at BIGINT,
  -- What it waits for until then.
  wait INTEGER NOT NULL,
  -- The newest message that mentions the person, and the newest urgent one.
  mentioned BIGINT NOT NULL,
  urgent BIGINT NOT NULL,
  -- No sooner than this for what is neither.
  next_at BIGINT NOT NULL,
  mailed_at BIGINT,
  -- How it was decided last, when no mail came of it.
  why INTEGER NOT NULL,
  PRIMARY KEY (person, conversation)
);
CREATE INDEX mail_pairs_due ON mail_pairs (due_at, person) WHERE due_at IS NOT NULL;
CREATE INDEX mail_pairs_conversation ON mail_pairs (conversation, person);

-- The outbox.
CREATE TABLE mails (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  person BLOB NOT NULL,
  conversation BLOB,
  at BIGINT NOT NULL,
  state INTEGER NOT NULL,
  -- When it is tried next, or, while it is being handed over, when another node may take it up.
  due_at BIGINT NOT NULL,
  -- After this it is not handed over any more.
  expires_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  tried_at BIGINT,
  sent_at BIGINT,
  -- The link it carries, and what else it needs; sealed.
  link BLOB,
  content BLOB,
  -- Why it stands as it does; sealed.
  reason BLOB
);
CREATE INDEX mails_due ON mails (state, due_at);
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_person ON mails (person, id);

-- Why a mail went, or did not.
CREATE TABLE mail_decisions (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  conversation BLOB,
  at BIGINT NOT NULL,
  why INTEGER NOT NULL,
  read_at BIGINT,
  read_by BLOB,
  mail BLOB
);
CREATE INDEX mail_decisions_person ON mail_decisions (person, id);

-- Who changed lately what they want.
CREATE INDEX preferences_changed ON preferences (changed_at);
