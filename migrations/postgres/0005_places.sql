-- Effects that reach outside on behalf of a case: how many are under way at once is limited over all processes together.
ALTER TABLE outbox ADD COLUMN outward BIGINT NOT NULL DEFAULT 0 CHECK (outward IN (0, 1));

-- What waits already was planned before there was the column.
UPDATE outbox SET outward = 1 WHERE status = 'waiting' AND (
    body LIKE '%"effect":"triage"%' OR body LIKE '%"effect":"draft"%'
    OR body LIKE '%"effect":"gather"%' OR body LIKE '%"effect":"perform"%'
);

CREATE INDEX outbox_places ON outbox (lease_until) WHERE outward = 1 AND status = 'waiting';
