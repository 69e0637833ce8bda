-- Secret words on their way to somebody: what `messages` has in their place is hidden. A row leaves when its message has arrived, and a day later where nobody can tell.
CREATE TABLE secret_words (
    message TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    word TEXT NOT NULL,
    at BIGINT NOT NULL
);
