-- Messages that ask everybody else to acknowledge them, and who did: sealed, kept as the summary of reactions is.
ALTER TABLE messages ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE messages ADD COLUMN acknowledged BLOB;

-- Whether what somebody began to write is to be sent as such a message.
ALTER TABLE drafts ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;
