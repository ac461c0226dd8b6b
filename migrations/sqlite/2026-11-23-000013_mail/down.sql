DROP INDEX preferences_changed;
DROP TABLE mail_decisions;
DROP TABLE mails;
DROP TABLE mail_pairs;
DROP TABLE followers;
ALTER TABLE marks DROP COLUMN read_by;
ALTER TABLE marks DROP COLUMN read_at;
