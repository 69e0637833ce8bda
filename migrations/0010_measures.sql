-- Waits that are over: for what, how long in seconds, by which inbox, for which team. No words and nobody's name.
CREATE TABLE measures (
    position BIGINT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    inbox TEXT NOT NULL,
    team TEXT,
    PRIMARY KEY (position, what)
);
CREATE INDEX measures_at ON measures (at, what, seconds, inbox, team);
