-- Rungs of the ladder of contingencies that began, with the facts that they began and ended by, as JSON: no words, nobody's name.
CREATE TABLE contingencies (
    id TEXT NOT NULL PRIMARY KEY,
    rung TEXT NOT NULL,
    began BIGINT NOT NULL,
    ended BIGINT,
    why TEXT NOT NULL,
    over TEXT,
    -- Whether somebody is to look at it afterwards, and who did and when.
    review BIGINT NOT NULL,
    reviewed_by TEXT,
    reviewed BIGINT
);
CREATE INDEX contingencies_began ON contingencies (began);
