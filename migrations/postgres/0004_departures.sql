-- A projection: the writes that went out, for the limits of the contract.
CREATE TABLE departures (
    position BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    queue TEXT
);

CREATE INDEX departures_at ON departures (at);
