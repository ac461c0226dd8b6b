-- Rules of acceptable use (kind 1), the word lists they share (2) and the text of the policy (3). `content` is the newest version that
-- a second person agreed to, `draft` what somebody is writing; both are sealed. Whether it counts now is `in_force`.
CREATE TABLE policy_items (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  -- 0 until there is a first one.
  version INTEGER NOT NULL,
  in_force BOOLEAN NOT NULL,
  content BYTEA,
  draft BYTEA,
  draft_by BYTEA,
  draft_at BIGINT,
  PRIMARY KEY (kind, name)
);

-- Every version there was, as it is on record.
CREATE TABLE policy_versions (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  in_force BOOLEAN NOT NULL,
  content BYTEA NOT NULL,
  at BIGINT NOT NULL,
  asked_by BYTEA,
  agreed_by BYTEA,
  record BYTEA NOT NULL,
  PRIMARY KEY (kind, name, version)
);

-- What was asked for and needs a second person. What exactly, why, and the words of a refusal are sealed.
CREATE TABLE requests (
  id BYTEA NOT NULL PRIMARY KEY,
  act INTEGER NOT NULL,
  state INTEGER NOT NULL,
  content BYTEA NOT NULL,
  reason BYTEA NOT NULL,
  asked_by BYTEA NOT NULL,
  asked_at BIGINT NOT NULL,
  lapses_at BIGINT NOT NULL,
  decided_by BYTEA,
  decided_at BIGINT,
  answer BYTEA
);
CREATE INDEX requests_state ON requests (state, lapses_at);

-- Texts that wait for an officer, and what became of them; the texts are on record.
CREATE TABLE waiting (
  attempt BYTEA NOT NULL PRIMARY KEY,
  author BYTEA NOT NULL,
  conversation BYTEA NOT NULL,
  at BIGINT NOT NULL,
  state INTEGER NOT NULL,
  -- The record of the decision, which has the words.
  decision BYTEA,
  decided_at BIGINT,
  -- The author has seen a refusal and put it away.
  put_away BOOLEAN NOT NULL
);
CREATE INDEX waiting_state ON waiting (state, at);
CREATE INDEX waiting_author ON waiting (author, state);

-- Runs of a rule over the archive. What is run and what was found are sealed.
CREATE TABLE backtests (
  id BYTEA NOT NULL PRIMARY KEY,
  rule TEXT NOT NULL,
  state INTEGER NOT NULL,
  asked_by BYTEA NOT NULL,
  asked_at BIGINT NOT NULL,
  -- Positions of the journal: where it begins and ends, and how far it has got.
  first_position BIGINT NOT NULL,
  last_position BIGINT NOT NULL,
  position BIGINT NOT NULL,
  alive_at BIGINT NOT NULL,
  plan BYTEA NOT NULL,
  found BYTEA
);
CREATE INDEX backtests_rule ON backtests (rule, asked_at);

-- Who accepted which version of the policy text last, and when; each acceptance is on record.
CREATE TABLE policy_acceptances (
  person BYTEA NOT NULL REFERENCES people (id),
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  record BYTEA NOT NULL,
  PRIMARY KEY (person, version)
);
