-- Practice with made-up people: the runs of each agent. Nothing here belongs to a conversation or a record.
CREATE TABLE drill_runs (
    id TEXT NOT NULL PRIMARY KEY,
    agent TEXT NOT NULL,
    drill TEXT NOT NULL,
    -- The how-manieth of this agent with this scenario, from 1: it chooses the wordings and how much help there is.
    number BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- How many replies were taken: two at once do not both count.
    turns BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    -- The rule score in thousandths, once it has ended.
    score BIGINT,
    -- The whole run, as JSON.
    body TEXT NOT NULL
);
CREATE INDEX drill_runs_agent ON drill_runs (agent, drill, number);
