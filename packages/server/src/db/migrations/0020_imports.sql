-- Imports of keys that exist, and how far each is. See docs/decisions/0030-imports-in-slices.md.

-- principal: the management key that imports
-- name:      its Idempotency-Key; null where it gave none, and then nobody goes on with it
-- lines:     so many are dealt with, in the transaction of what became of them
-- foreign_form: whether any key may be of another form than those that are issued here
CREATE TABLE key_import (
  id text PRIMARY KEY,
  principal text NOT NULL,
  name text,
  state text NOT NULL CHECK (state IN ('open', 'done')),
  lines bigint NOT NULL,
  imported bigint NOT NULL,
  known bigint NOT NULL,
  failed bigint NOT NULL,
  foreign_form boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (principal, name)
);
CREATE INDEX key_import_name ON key_import (name) WHERE name IS NOT NULL;
CREATE INDEX key_import_foreign ON key_import (foreign_form) WHERE foreign_form;
CREATE TABLE key_import_error (
  import_id text NOT NULL REFERENCES key_import (id),
  line bigint NOT NULL,
  place smallint NOT NULL,
  path text NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (import_id, line, place)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['key_import', 'key_import_error'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON key_import TO {{platform}};
GRANT SELECT, INSERT ON key_import_error TO {{platform}};
