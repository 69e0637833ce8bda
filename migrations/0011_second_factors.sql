-- The second factor of an account, and the codes for whoever has lost it.

CREATE TABLE second_factors (
    agent TEXT PRIMARY KEY,
    -- What the authenticator app and we both know, in base32; within an envelope where keys are set.
    secret TEXT NOT NULL,
    -- When the first code proved that the app has it; 0: not yet, and nothing is asked at sign-in.
    confirmed BIGINT NOT NULL DEFAULT 0,
    -- The time step of the last code that was taken: no code is taken twice.
    step BIGINT NOT NULL DEFAULT 0
);

-- Each works once. Only hashes are kept.
CREATE TABLE recovery_codes (
    agent TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (agent, hash)
);
