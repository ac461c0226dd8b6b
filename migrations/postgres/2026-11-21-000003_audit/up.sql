-- Records of people's streams and the system's have no seq. The audit log reads them newest first, and of one person.
CREATE INDEX journal_system ON journal (position) WHERE seq IS NULL;
CREATE INDEX journal_system_stream ON journal (stream, position) WHERE seq IS NULL;
