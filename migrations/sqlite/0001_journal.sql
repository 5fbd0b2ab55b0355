-- The append-only facts of every stream. Each row is chained to the one before it in its stream.
CREATE TABLE journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    cause TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    UNIQUE (stream, seq)
) STRICT;

CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a recorded event is never changed'); END;

CREATE TRIGGER journal_never_forgets BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a recorded event is never deleted'); END;

-- INSERT OR REPLACE would delete the old row without firing the trigger above.
CREATE TRIGGER journal_never_replaces BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE (stream = NEW.stream AND seq = NEW.seq) OR position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: this place in the stream is taken'); END;
