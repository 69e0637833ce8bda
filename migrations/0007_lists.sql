-- What lists of conversations are found by. `team` is that of the queue. `who` is a space, then name and reference in small letters without accents: never empty, but
-- in rows from before this step, which the program fills in when it starts.
ALTER TABLE conversations ADD COLUMN team TEXT;
ALTER TABLE conversations ADD COLUMN who TEXT NOT NULL DEFAULT '';

-- Every list has its newest change first.
CREATE INDEX conversations_changed ON conversations (changed, id, who);
CREATE INDEX conversations_status ON conversations (status, changed, id);
CREATE INDEX conversations_holder ON conversations (holder, changed, id) WHERE holder IS NOT NULL;
CREATE INDEX conversations_team ON conversations (team, changed, id) WHERE team IS NOT NULL;
DROP INDEX conversations_queued;
DROP INDEX conversations_held;
-- Rows that are to be filled in: none, after the first start.
CREATE INDEX conversations_without_who ON conversations (id) WHERE who = '';

-- From a place in the log to the conversation. The index of the words themselves is not the same in both databases: src/store/dialect.rs.
CREATE INDEX messages_position ON messages (position, conversation);
