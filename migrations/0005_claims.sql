-- Wrong details that were given for a complaint, on the last day on which any were: whoever gave them, whether or not there is such a complaint.
CREATE TABLE proof_tries (
    reference TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    tries BIGINT NOT NULL
);
