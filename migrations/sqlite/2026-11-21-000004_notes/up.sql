-- Pages of history show who made a conversation, described it, came and went between its messages: the kinds below 100.
-- Messages, edits and reactions are not in this index, so that writing them costs nothing more.
CREATE INDEX journal_notes ON journal (stream, seq) WHERE kind < 100;
