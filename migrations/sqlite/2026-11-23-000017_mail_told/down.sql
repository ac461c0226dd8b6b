DROP INDEX mail_pairs_idle;
ALTER TABLE mail_pairs DROP COLUMN told;
