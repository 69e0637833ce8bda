-- Whether a complaint is settled for whoever made it, by their own word: 1 yes, 2 no, 0 nothing was said.
ALTER TABLE register ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
-- It is counted, so it stands in the index that reports are made from.
DROP INDEX register_counted;
CREATE INDEX register_counted ON register (received, category, status, relation, customer, channel, place, due, acknowledged, responded, settled);
