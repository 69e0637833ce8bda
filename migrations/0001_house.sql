-- One schema for SQLite and Postgres: TEXT, BIGINT and DOUBLE PRECISION only. Ids are UUIDs as text, times are microseconds
-- since 1970 UTC, a yes/no is a BIGINT 0 or 1, documents are JSON in TEXT.

-- The one row that every writing transaction locks first: positions rise in the order of the commits, also with several programs on one Postgres.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('position', 0);

-- The state of each conversation, as `conversation::step` left it.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    inbox TEXT NOT NULL,
    sender TEXT NOT NULL,
    status TEXT NOT NULL,
    holder TEXT,
    complaint TEXT,
    state TEXT NOT NULL,
    changed BIGINT NOT NULL,
    UNIQUE (inbox, sender)
);
CREATE INDEX conversations_queued ON conversations (changed) WHERE status = 'queued';
CREATE INDEX conversations_held ON conversations (holder) WHERE holder IS NOT NULL;

-- Everything that happened, in order. `outcome` is what the sender was answered, so that a repeat gets the same.
CREATE TABLE events (
    position BIGINT PRIMARY KEY,
    conversation TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT,
    body TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE UNIQUE INDEX events_dedupe ON events (dedupe) WHERE dedupe IS NOT NULL;
CREATE INDEX events_conversation ON events (conversation, position);

-- What was said.
CREATE TABLE messages (
    conversation TEXT NOT NULL,
    position BIGINT NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    agent TEXT,
    text TEXT NOT NULL,
    extra TEXT,
    at BIGINT NOT NULL,
    edited BIGINT NOT NULL DEFAULT 0,
    erased BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation, position)
);

-- What was said of its own accord (an agent, a timer) and has not been seen to arrive.
CREATE TABLE outbox (
    conversation TEXT NOT NULL,
    position BIGINT NOT NULL,
    message TEXT NOT NULL,
    inbox TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation, position)
);

CREATE TABLE timers (
    conversation TEXT NOT NULL,
    kind TEXT NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (conversation, kind)
);
CREATE INDEX timers_due ON timers (due);

-- The register.
CREATE TABLE complaints (
    reference TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    received BIGINT NOT NULL,
    status TEXT NOT NULL,
    complete BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX complaints_received ON complaints (received);
CREATE INDEX complaints_conversation ON complaints (conversation);

CREATE TABLE complaint_changes (
    reference TEXT NOT NULL,
    position BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (reference, position)
);

-- Files, base64, since the portable types know no bytes.
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    inbox TEXT NOT NULL,
    sender TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- How long people really waited, for honest estimates.
CREATE TABLE pickups (
    position BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    waited BIGINT NOT NULL
);

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT,
    created BIGINT NOT NULL,
    disabled BIGINT NOT NULL DEFAULT 0,
    away BIGINT NOT NULL DEFAULT 0,
    seen BIGINT NOT NULL DEFAULT 0
);

-- Secrets are kept as SHA-256 only.
CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE TABLE invitations (
    hash TEXT PRIMARY KEY,
    created BIGINT NOT NULL
);
