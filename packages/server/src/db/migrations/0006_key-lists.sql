-- Lists of keys at any size; see modules/inventory/inventory.store.ts for how they are read.
-- Only comparisons that PostgreSQL calls leakproof may use an index under row-level security. Those of arrays and of
-- patterns are not, and no expression over a column is, so neither GIN nor trigrams nor an index on coalesce() would help.

-- The four characters of a secret that people know of it; and the expiry as lists sort by it, never-expiring keys last.
ALTER TABLE api_key
  ADD COLUMN preview_end text NOT NULL GENERATED ALWAYS AS (right(preview, 4)) STORED,
  ADD COLUMN expires_or_never timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(expires_at, 'infinity'::timestamptz)) STORED;

CREATE INDEX api_key_preview_end ON api_key (preview_end);
CREATE INDEX api_key_label ON api_key (label, id);
CREATE INDEX api_key_expires ON api_key (expires_or_never, id);
CREATE INDEX api_key_state ON api_key (state, created_at, id) WHERE state <> 'active';
CREATE INDEX api_key_team ON api_key (owner_team) WHERE owner_team IS NOT NULL;

-- The same policies, asked once for each statement instead of once for each row. It matters twice: the comparison of two settings
-- is not free, and the planner takes it for a condition that one row in 200 meets, so that it sorts whole tables to show a page.
DO $$
DECLARE p record; owned text;
BEGIN
  FOR p IN
    SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema() AND tablename IN
      ('account', 'member', 'service', 'api_key', 'key_version', 'key_use', 'key_use_day', 'audit_event', 'outbox_event')
  LOOP
    owned := CASE p.tablename WHEN 'account' THEN 'id' ELSE 'account_id' END;
    CASE p.policyname
      WHEN 'platform' THEN
        EXECUTE format('ALTER POLICY platform ON %I USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', p.tablename);
      WHEN 'lookup' THEN
        EXECUTE format('ALTER POLICY lookup ON %I USING ((SELECT reach() = ''lookup''))', p.tablename);
      WHEN 'account' THEN
        EXECUTE format('ALTER POLICY account ON %I USING ((SELECT reach() = ''account'') AND %I = (SELECT reach_account())) WITH CHECK ((SELECT reach() = ''account'') AND %I = (SELECT reach_account()))', p.tablename, owned, owned);
    END CASE;
  END LOOP;
END $$;
