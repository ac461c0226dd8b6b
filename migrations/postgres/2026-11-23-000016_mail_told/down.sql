ALTER TABLE mail_pairs DROP COLUMN told;
