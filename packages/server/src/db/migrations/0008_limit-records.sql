-- Limits: where windows are divided, and which record of it is the current one. PostgreSQL says so for every store, because
-- what it has committed it keeps.

-- id:    begins the names of keys in Redis, so that installations can share one
-- name:  the store in use: 'postgresql', or 'redis/' and the number of its parts
CREATE TABLE limit_store (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL
);
INSERT INTO limit_store (name) VALUES ('postgresql');

-- number:      0 is PostgreSQL, from 1 on are the parts of Redis
-- seq:         rises with each epoch: with each record that begins without what was recorded before
-- record:      what the record calls itself; empty before there is one
-- settled_ms:  of windows up to this length nothing that counts can be missing in the record
CREATE TABLE limit_part (
  number integer PRIMARY KEY CHECK (number >= 0),
  seq bigint NOT NULL,
  record text NOT NULL,
  settled_ms bigint NOT NULL CHECK (settled_ms >= 0)
);
INSERT INTO limit_part (number, seq, record, settled_ms) VALUES (0, 1, 'postgresql', 3600000);

-- store:    where this holder can divide at present
-- entered:  for each part, from 0 on, the newest epoch in which it has written down what it has
ALTER TABLE limit_holder
  ADD COLUMN store text NOT NULL DEFAULT 'postgresql',
  ADD COLUMN entered bigint[] NOT NULL DEFAULT '{}';

-- The epoch of PostgreSQL's part in which it was written; of an earlier one it counts no more.
ALTER TABLE limit_share ADD COLUMN epoch bigint NOT NULL DEFAULT 1;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['limit_store', 'limit_part'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING (reach() = ''platform'') WITH CHECK (reach() = ''platform'')', t);
  END LOOP;
END $$;

GRANT SELECT, UPDATE ON limit_store TO {{platform}};
GRANT SELECT, INSERT, UPDATE ON limit_part TO {{platform}};
