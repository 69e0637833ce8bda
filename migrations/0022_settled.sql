-- Whether a complaint is settled for whoever made it, by their own word: 1 yes, 2 no, 0 nothing was said.
ALTER TABLE register ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
