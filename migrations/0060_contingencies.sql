-- Rungs of the ladder of contingencies that began, with the facts that they began and ended by, as JSON: no words,
-- nobody's name.
CREATE TABLE contingencies (
    id TEXT NOT NULL PRIMARY KEY,
    rung TEXT NOT NULL,
    began BIGINT NOT NULL,
    ended BIGINT,
    why TEXT NOT NULL,
    over TEXT,
    -- Whether somebody is to look at it afterwards, and who did (their account's id) and when.
    review BIGINT NOT NULL,
    reviewed_by TEXT,
    reviewed BIGINT,
    -- 1: what is done once was done, people called in and calls offered to those who waited.
    carried_out BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX contingencies_began ON contingencies (began);
-- A rung holds once: of two programs that see it begin one writes it.
CREATE UNIQUE INDEX contingencies_hold ON contingencies (rung) WHERE ended IS NULL;
