-- The register in short rows: what lists, filters and reports read, without the story. One row a complaint, kept by the program with every change.
-- `due` is the next clock that runs (9223372036854775807: none runs). `place_words` is folded, for the filter. `named` has the people whom it is about, folded, each
-- between bars: who is named sees no protected complaint. Moments are microseconds, 0 where it has not happened.
CREATE TABLE register (
    reference TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    received BIGINT NOT NULL,
    status TEXT NOT NULL,
    priority BIGINT NOT NULL,
    relation TEXT NOT NULL,
    customer BIGINT NOT NULL,
    category TEXT,
    severity BIGINT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT,
    place_words TEXT NOT NULL,
    complainant TEXT,
    affected TEXT,
    named TEXT NOT NULL,
    protected BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    due BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    responded BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    conclusion TEXT
);
CREATE INDEX register_received ON register (received, reference);
CREATE INDEX register_due ON register (due, received, reference);
CREATE INDEX register_priority ON register (priority, received, reference);
CREATE INDEX register_status ON register (status, received, reference);
CREATE INDEX register_closed ON register (closed);
-- All that reports count, so that they read nothing else.
CREATE INDEX register_counted ON register (received, category, status, relation, customer, channel, place, due, acknowledged, responded);
CREATE INDEX register_conversation ON register (conversation);
CREATE INDEX register_protected ON register (protected) WHERE protected = 1;

-- How many complaints are on record that the program has not written a short row of yet: none, after the next start.
INSERT INTO counter (name, value) SELECT 'register_missing', count(*) FROM complaints;

-- The words that complaints are found by, folded. `number` is the place in the log at which the record began: an index of words is kept by it (src/store/dialect.rs).
CREATE TABLE complaint_words (
    reference TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    words TEXT NOT NULL
);
