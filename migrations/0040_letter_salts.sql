-- The audit has a digest of each letter, made with this salt, which goes with the letter. Letters from before have none.
ALTER TABLE letters ADD COLUMN salt TEXT;
