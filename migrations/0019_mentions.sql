-- Notes in which a colleague is named: where they stand, and whether the colleague has seen them.
CREATE TABLE mentions (
    agent TEXT NOT NULL,
    position BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    at BIGINT NOT NULL,
    seen BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agent, position)
);
CREATE INDEX mentions_conversation ON mentions (conversation, position);
