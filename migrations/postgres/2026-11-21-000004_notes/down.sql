DROP INDEX journal_notes;
