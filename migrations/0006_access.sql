-- Access that can be withdrawn, and ends by itself.

-- When a session began, when it was last used, and by what it says the browser is.
ALTER TABLE sessions ADD COLUMN created BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_agent ON sessions (agent);

-- What a token is for, what it opens (names with spaces between), when it ends (0: it does not), and when it was last used.
ALTER TABLE tokens ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read write accounts';
ALTER TABLE tokens ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tokens_agent ON tokens (agent);

-- Browsers in which somebody has signed in before: strangers who guess at a name do not keep its owner out.
CREATE TABLE devices (
    hash TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX devices_agent ON devices (agent);

-- An invitation is for where there is no administrator.
DELETE FROM invitations WHERE EXISTS (SELECT 1 FROM agents WHERE role = 'admin' AND password IS NOT NULL AND disabled = 0);

-- A message of the inbox for programs is known by its sender and its id. Between the quotes, after the word: the character U+001F.
UPDATE events SET dedupe = 'http' || (SELECT c.sender FROM conversations c WHERE c.id = events.conversation) || substr(dedupe, 5)
WHERE substr(dedupe, 1, 5) = 'http' AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = events.conversation);

-- How much room all files take is asked often, and without reading them.
CREATE INDEX attachments_size ON attachments (size);
