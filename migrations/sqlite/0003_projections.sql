-- Projections: everything here is rebuilt from the journal and the content.

-- The rendering behind each button.
CREATE TABLE views (
    view_id TEXT PRIMARY KEY,
    card_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    request_id TEXT,
    escalation_id TEXT,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL,
    rendering TEXT NOT NULL,
    surface TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- Where each card stands.
CREATE TABLE cards (
    card_id TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The list of cases.
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    severity INTEGER,
    category TEXT,
    queue TEXT,
    role TEXT,
    headline TEXT,
    waiting_on TEXT,
    taken_by TEXT,
    due_at INTEGER,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    external TEXT NOT NULL
) STRICT;

-- A case without a deadline sorts last, the same way on both databases.
CREATE INDEX cases_open ON cases (coalesce(due_at, 9223372036854775807), number) WHERE stage <> 'done';
CREATE INDEX cases_open_of_role ON cases (role, number) WHERE stage <> 'done';

-- The questions that were put to people.
CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    tier TEXT NOT NULL,
    action TEXT NOT NULL,
    batch_id TEXT,
    due_at INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX requests_pending ON requests (rule, due_at) WHERE state = 'pending';
CREATE INDEX requests_of_case ON requests (case_id);

-- Who was found to be able to answer a request.
CREATE TABLE request_people (
    request_id TEXT NOT NULL REFERENCES requests (request_id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    PRIMARY KEY (request_id, user_id)
) STRICT;

CREATE INDEX request_people_of_user ON request_people (user_id);

-- Decided drafts. `position` is the journal's place of the decision; `words` are the normalised words of the text.
CREATE TABLE examples (
    position INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    action TEXT NOT NULL,
    headline TEXT NOT NULL,
    proposed TEXT NOT NULL,
    outcome TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE INDEX examples_of_case ON examples (case_id);

-- Full text over the words, kept by triggers so that writing an example is one statement on both databases.
CREATE VIRTUAL TABLE example_words USING fts5(words, content='examples', content_rowid='position', tokenize='unicode61 remove_diacritics 0');

CREATE TRIGGER examples_written AFTER INSERT ON examples
BEGIN INSERT INTO example_words (rowid, words) VALUES (NEW.position, NEW.words); END;

CREATE TRIGGER examples_dropped AFTER DELETE ON examples
BEGIN INSERT INTO example_words (example_words, rowid, words) VALUES ('delete', OLD.position, OLD.words); END;

CREATE TRIGGER examples_changed AFTER UPDATE ON examples
BEGIN
    INSERT INTO example_words (example_words, rowid, words) VALUES ('delete', OLD.position, OLD.words);
    INSERT INTO example_words (rowid, words) VALUES (NEW.position, NEW.words);
END;
