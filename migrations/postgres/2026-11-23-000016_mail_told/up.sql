-- The newest message that mentions the person or is urgent and of which a mail spoke: none goes for it again.
ALTER TABLE mail_pairs ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
