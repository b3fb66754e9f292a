-- Limits lent to verifiers, which are holders as nodes are, with a node between them and the store.

-- epoch, act:  the newest act of the holder that was carried out in PostgreSQL's part. What a verifier asks may be carried out
--              late, by a node that it has left since; after a newer act it must not be.
CREATE TABLE limit_lent (
  holder uuid PRIMARY KEY REFERENCES limit_holder (id) ON DELETE CASCADE,
  epoch bigint NOT NULL DEFAULT 0,
  act bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

ALTER TABLE limit_lent ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_lent FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON limit_lent TO {{platform}} USING (reach() = 'platform') WITH CHECK (reach() = 'platform');
GRANT SELECT, INSERT, UPDATE ON limit_lent TO {{platform}};
