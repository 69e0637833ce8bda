-- Work that one program does at a time, where several share the database: who has it, and until when, in microseconds
-- by the database's own clock. `note` is what the others show of it: how the line of a channel stands. No words of
-- anybody.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    note TEXT
);
