-- There is no way back from the first migration: keys are not dropped by a migration.
SELECT 1;
