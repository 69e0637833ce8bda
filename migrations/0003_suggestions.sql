-- What became of the replies that agents were offered: one row for each kind that stood above the draft when a reply was sent.
CREATE TABLE suggestion_uses (
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    uptake TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (position, kind)
);
CREATE INDEX suggestion_uses_kind ON suggestion_uses (kind, uptake);
