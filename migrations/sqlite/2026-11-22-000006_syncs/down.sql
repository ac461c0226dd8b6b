DROP TABLE syncs;
ALTER TABLE people_groups DROP COLUMN gone_at;
ALTER TABLE identities DROP COLUMN standing;
ALTER TABLE people DROP COLUMN suspended_by;
