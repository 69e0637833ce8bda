-- What another program is to be told of complaints, written with the change itself. A row leaves when it was taken there; what was given up stays as a dead letter.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    due BIGINT NOT NULL,
    lease BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    dead BIGINT NOT NULL DEFAULT 0,
    why TEXT
);
CREATE INDEX webhooks_due ON webhooks (dead, due);
CREATE INDEX webhooks_order ON webhooks (reference, at, position);

-- Clocks of which it was told that they run out soon, or have run out: each once. `due` is when; a clock that is put off is told of anew.
CREATE TABLE clock_notices (
    reference TEXT NOT NULL,
    due BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (reference, due, kind)
);
