-- Who answers for a guest, and until when the guest is here. NULL for everybody else.
ALTER TABLE people ADD COLUMN sponsor BLOB;
ALTER TABLE people ADD COLUMN ends_at BIGINT;
