-- Links by which somebody sets the password of an account: a new one, or one whose password was forgotten. One an account, its secret kept as SHA-256 only.
CREATE TABLE account_invitations (
    hash TEXT PRIMARY KEY,
    agent TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL
);
