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
    at BIGINT NOT NULL
);

-- Where each card stands.
CREATE TABLE cards (
    card_id TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The list of cases.
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    severity BIGINT,
    category TEXT,
    queue TEXT,
    role TEXT,
    headline TEXT,
    waiting_on TEXT,
    taken_by TEXT,
    due_at BIGINT,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    external TEXT NOT NULL
);

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
    due_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX requests_pending ON requests (rule, due_at) WHERE state = 'pending';
CREATE INDEX requests_of_case ON requests (case_id);

-- Who was found to be able to answer a request.
CREATE TABLE request_people (
    request_id TEXT NOT NULL REFERENCES requests (request_id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    PRIMARY KEY (request_id, user_id)
);

CREATE INDEX request_people_of_user ON request_people (user_id);

-- Decided drafts. `position` is the journal's place of the decision; `words` are the normalised words of the text.
CREATE TABLE examples (
    position BIGINT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    action TEXT NOT NULL,
    headline TEXT NOT NULL,
    proposed TEXT NOT NULL,
    outcome TEXT NOT NULL,
    words TEXT NOT NULL,
    lexemes tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
);

CREATE INDEX examples_of_case ON examples (case_id);

CREATE INDEX examples_lexemes ON examples USING gin (lexemes);
