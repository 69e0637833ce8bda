-- Letters to complainants, as they were drawn up.
CREATE TABLE letters (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    written_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX letters_reference ON letters (reference, at);
