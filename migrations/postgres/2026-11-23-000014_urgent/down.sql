ALTER TABLE drafts DROP COLUMN urgent;
ALTER TABLE messages DROP COLUMN acknowledged;
ALTER TABLE messages DROP COLUMN urgent;
