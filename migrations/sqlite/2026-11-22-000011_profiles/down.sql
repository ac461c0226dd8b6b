DROP TABLE people_photos;
ALTER TABLE people DROP COLUMN photo;
ALTER TABLE people DROP COLUMN manager;
