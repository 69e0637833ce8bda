-- What somebody at the desk takes: how many open conversations at most, for which teams, in which languages. Lists
-- are JSON arrays; none: all.
CREATE TABLE agent_work (
    agent TEXT NOT NULL PRIMARY KEY,
    capacity BIGINT,
    teams TEXT NOT NULL,
    languages TEXT NOT NULL
);
