DROP INDEX journal_system_stream;
DROP INDEX journal_system;
