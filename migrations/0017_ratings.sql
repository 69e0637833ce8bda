-- How talks were for people: one answer a row, without their words and without who they are.
CREATE TABLE ratings (
    position BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    rating BIGINT NOT NULL,
    inbox TEXT NOT NULL,
    team TEXT
);
CREATE INDEX ratings_at ON ratings (at, rating, inbox, team);
-- What a wait was about: the strongest feeling, and whether the person is cared for by us. Empty before this version.
ALTER TABLE measures ADD COLUMN emotion TEXT;
ALTER TABLE measures ADD COLUMN customer BIGINT;
