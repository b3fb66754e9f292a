-- Who depends on a key while it is rotated, and who of them has the new version: [{ name, contact, doneAt, doneBy }].
-- As they were registered when the rotation began. Nodes of the version before leave it at its default.
ALTER TABLE rotation ADD COLUMN dependants jsonb NOT NULL DEFAULT '[]';
