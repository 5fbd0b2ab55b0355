-- Commands: stored before they are acknowledged, worked off in order within each stream.
CREATE TABLE inbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    stream TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    reply_to TEXT,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done')),
    answer TEXT,
    claimed_by TEXT,
    claimed_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX inbox_pending ON inbox (position) WHERE status = 'pending';
CREATE INDEX inbox_pending_of_stream ON inbox (stream, position) WHERE status = 'pending';

-- Effects: written in the commit of the events that they follow from, carried out under a lease.
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    stream TEXT NOT NULL,
    body TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    coalesce_key TEXT,
    tells TEXT,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until INTEGER,
    last_error TEXT
) STRICT;

-- What waits under one key is one row: the newest state is what counts. A row that is being sent is not waiting.
CREATE UNIQUE INDEX outbox_one_waiting ON outbox (coalesce_key) WHERE status = 'waiting' AND lease_owner IS NULL;
CREATE INDEX outbox_leased_keys ON outbox (coalesce_key) WHERE status = 'waiting' AND lease_owner IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE status = 'waiting';
CREATE INDEX outbox_tells ON outbox (tells) WHERE tells IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (position) WHERE status = 'failed';

-- Numbers that people say aloud, and other sequences.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- Small facts of the process itself, such as what a card showed last.
CREATE TABLE memos (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- Every policy that was ever in force.
CREATE TABLE policies (
    digest TEXT PRIMARY KEY,
    documents TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL
) STRICT;

-- Texts apart from the chain, so that they can be erased: the row stays, its text goes.
CREATE TABLE content (
    sealed TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    salt TEXT NOT NULL,
    text TEXT,
    erased_at INTEGER
) STRICT;

CREATE INDEX content_of_stream ON content (stream);
