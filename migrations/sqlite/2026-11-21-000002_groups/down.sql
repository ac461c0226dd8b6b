ALTER TABLE marks DROP COLUMN received_ordinal;
DROP TABLE preferences;
ALTER TABLE members DROP COLUMN since_ordinal;
ALTER TABLE conversations DROP COLUMN open;
