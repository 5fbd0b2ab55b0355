-- A projection: the writes that went out, for the limits of the contract.
CREATE TABLE departures (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    queue TEXT
) STRICT;

CREATE INDEX departures_at ON departures (at);
