-- A person's message that somebody else, a moderator mostly, took away in the channel: its words stay for staff.
ALTER TABLE messages ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;
