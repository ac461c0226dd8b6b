-- There is no way back from the first migration: the journal is append-only.
SELECT 1;
