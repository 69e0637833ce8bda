-- What was changed, looked at and given out, by whom. Entries are only ever added; each one's hash covers the entry and the hash before it, so that one that is altered,
-- missing or out of its order is found. `place` is the position of the change that it tells of (0: none). No words that anybody said stand here.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL,
    place BIGINT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_about ON audit (about, number);

-- The last entry, so that one that is missing at the end is found too.
CREATE TABLE audit_end (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_end (name, number, hash) VALUES ('end', 0, '');

-- The audit has a digest of each change, made with this salt: without it (it goes with the words, when they are erased) the digest tells nothing of what it was.
-- Changes from before the audit have none.
ALTER TABLE complaint_changes ADD COLUMN salt TEXT;
