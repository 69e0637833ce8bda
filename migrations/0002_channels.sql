-- Channels that we send to: what waits is tried again, and what came in is kept before it is confirmed to the channel.

-- Earliest next attempt, attempts so far, parts that are out already, until when a worker has it, and whether it was given up and why.
ALTER TABLE outbox ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN parts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN given_up BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN reason TEXT;
CREATE INDEX outbox_due ON outbox (inbox, due) WHERE given_up = 0;

-- The channel's own ids of a message that we sent, one for each part: a JSON array.
ALTER TABLE messages ADD COLUMN external TEXT;

-- What a channel gave us, raw, from before we confirm it until it has had its effect. `unread` stays: it could not be understood.
CREATE TABLE arrivals (
    inbox TEXT NOT NULL,
    id TEXT NOT NULL,
    lane TEXT NOT NULL,
    seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (inbox, id)
);
CREATE INDEX arrivals_waiting ON arrivals (inbox, seq) WHERE state = 'new';

-- Where a channel's line stood, so that it can be taken up again after a restart.
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
