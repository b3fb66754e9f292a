-- What presented no genuine key, asked for by network and by reason; and which uses of keys are missing in counts. See
-- docs/decisions/0028-what-is-missing-is-told.md.

-- In the order in which writers of uses take them, so that neither waits for this while this waits for it.
LOCK TABLE key_activity, stranger_hour IN SHARE ROW EXCLUSIVE MODE;

CREATE INDEX stranger_hour_network ON stranger_hour (network, starts_at, code);
CREATE INDEX stranger_hour_code ON stranger_hour (code, starts_at, network);

-- The keys of an account that were refused last, however many it has.
CREATE INDEX key_activity_account_refused ON key_activity (account_id, refused_hour, key_id) INCLUDE (used_hour) WHERE refused_hour > '-infinity';

-- Uses that no count has, by the hour in which that was noted and by where they were lost. `requests` are those known to be missing;
-- `times` how often it was noted, or how many processes went away of which it is not known how much they had in hand.
CREATE TABLE usage_loss (
  starts_at timestamptz NOT NULL,
  path text NOT NULL,
  requests bigint NOT NULL,
  times bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (starts_at, path)
);

-- Who has uses in hand: nodes (`id` = `node`) and the verifiers that are connected to them. A row goes when everything was handed over;
-- one that stays tells of a process that went away with what it had. For verifiers `complete_until` is when they were heard last.
CREATE TABLE usage_sender (
  id text PRIMARY KEY,
  node text NOT NULL,
  complete_until timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  gone_at timestamptz
) WITH (fillfactor = 50);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['usage_loss', 'usage_sender'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {{platform}}', t);
  END LOOP;
END $$;
