-- Views of keys, and totals of them, at any number of keys. See docs/decisions/0023-views-from-narrow-rows.md.
-- What a key is stands in api_key, with an index for each question. What is known of its use changes while it is used, and stands in
-- a narrow row of its own, to the hour, so that a key in use costs one write of it an hour. Triggers keep it, so no act can forget it.

-- rotated_at:  when the version in force was made; null for the first
-- grant_set:   stands for tier and scopes together; keys have them in common, so what a view asks of grants is asked of few sets
ALTER TABLE api_key
  ADD COLUMN rotated_at timestamptz,
  ADD COLUMN current_since timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(rotated_at, created_at)) STORED,
  ADD COLUMN grant_set bigint NOT NULL GENERATED ALWAYS AS (hash_array_extended(array_prepend(coalesce(tier, ''), scopes), 0)) STORED;

CREATE INDEX api_key_live_expiry ON api_key (expires_or_never, id) WHERE kind = 'customer' AND state <> 'revoked';
CREATE INDEX api_key_live_since ON api_key (current_since, id) INCLUDE (expires_or_never) WHERE kind = 'customer' AND state <> 'revoked';
CREATE INDEX api_key_live_grant ON api_key (grant_set, id) INCLUDE (expires_or_never) WHERE kind = 'customer' AND state <> 'revoked';
CREATE INDEX api_key_live_account ON api_key (account_id, expires_or_never) WHERE kind = 'customer' AND state <> 'revoked';
CREATE INDEX api_key_live_unowned ON api_key (id) INCLUDE (expires_or_never)
  WHERE kind = 'customer' AND state <> 'revoked' AND owner_member IS NULL AND owner_team IS NULL;
CREATE INDEX api_key_creator ON api_key (created_by, id) INCLUDE (expires_or_never, state) WHERE kind = 'customer';
CREATE INDEX member_deactivated ON member (id) WHERE status = 'deactivated';

CREATE TABLE grant_set (
  id bigint PRIMARY KEY,
  tier text,
  scopes text[] NOT NULL
);

-- One row for each customer's key.
-- live_until:    its expiry, 'infinity' for never, '-infinity' once it is revoked
-- dead_since:    when it was revoked or expires, whichever came first
-- used_hour:     the hour in which it was last accepted; '-infinity' for never
-- refused_hour:  the same of refusals
CREATE TABLE key_activity (
  key_id text PRIMARY KEY,
  account_id text NOT NULL,
  created_at timestamptz NOT NULL,
  live_until timestamptz NOT NULL,
  dead_since timestamptz NOT NULL,
  used_hour timestamptz NOT NULL,
  refused_hour timestamptz NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX key_activity_used ON key_activity (used_hour, key_id) INCLUDE (live_until, created_at);
CREATE INDEX key_activity_refused ON key_activity (refused_hour, key_id) INCLUDE (live_until, dead_since) WHERE refused_hour > '-infinity';

-- One row for each account that ever had a key.
-- unrevoked:       its keys that are not revoked, expired ones included
-- over_ten_until:  until when it has more than ten active keys, if nothing is done: the eleventh latest expiry
CREATE TABLE account_activity (
  account_id text PRIMARY KEY,
  unrevoked integer NOT NULL,
  over_ten_until timestamptz NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX account_activity_many ON account_activity (unrevoked DESC, account_id) INCLUDE (over_ten_until) WHERE unrevoked > 10;

-- Views that users keep. filter: parameters of the list of keys. owner: the management key that keeps it.
CREATE TABLE saved_view (
  owner text NOT NULL,
  name text NOT NULL,
  description text,
  filter jsonb NOT NULL,
  shared boolean NOT NULL,
  notify boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (owner, name)
);
CREATE UNIQUE INDEX saved_view_shared ON saved_view (name) WHERE shared;

-- The eleventh latest expiry of an account. Between and not equal: with an account given, the planner would rather walk the expiries
-- of all accounts.
CREATE FUNCTION eleventh_expiry(account text) RETURNS timestamptz LANGUAGE sql STABLE
  RETURN coalesce((SELECT k.expires_or_never FROM api_key k
    WHERE k.account_id BETWEEN account AND account AND k.kind = 'customer' AND k.state <> 'revoked'
    ORDER BY k.account_id DESC, k.expires_or_never DESC OFFSET 10 LIMIT 1), '-infinity');

CREATE FUNCTION note_made_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO grant_set SELECT DISTINCT ON (m.grant_set) m.grant_set, m.tier, m.scopes FROM made m WHERE m.kind = 'customer'
    ORDER BY m.grant_set ON CONFLICT (id) DO NOTHING;
  INSERT INTO key_activity
    SELECT m.id, m.account_id, m.created_at, CASE WHEN m.state = 'revoked' THEN '-infinity' ELSE m.expires_or_never END,
      CASE WHEN m.state = 'revoked' THEN least(m.state_at, m.expires_or_never) ELSE m.expires_or_never END, '-infinity', '-infinity'
    FROM made m WHERE m.kind = 'customer' ON CONFLICT (key_id) DO NOTHING;
  INSERT INTO account_activity AS a
    SELECT m.account_id, count(*) FILTER (WHERE m.state <> 'revoked'), '-infinity' FROM made m WHERE m.kind = 'customer'
    GROUP BY m.account_id ORDER BY m.account_id
    ON CONFLICT (account_id) DO UPDATE SET unrevoked = a.unrevoked + excluded.unrevoked;
  -- A statement of its own, which sees what others committed while the row was waited for.
  UPDATE account_activity a SET over_ten_until = eleventh_expiry(a.account_id)
    WHERE a.unrevoked > 10 AND a.account_id IN (SELECT DISTINCT m.account_id FROM made m WHERE m.kind = 'customer');
  RETURN NULL;
END $$;

CREATE FUNCTION note_changed_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  affected text[];
BEGIN
  INSERT INTO grant_set SELECT DISTINCT ON (n.grant_set) n.grant_set, n.tier, n.scopes FROM after_it n JOIN before_it o ON o.id = n.id
    WHERE n.kind = 'customer' AND n.grant_set <> o.grant_set ORDER BY n.grant_set ON CONFLICT (id) DO NOTHING;
  SELECT array_agg(DISTINCT n.account_id ORDER BY n.account_id) INTO affected FROM after_it n JOIN before_it o ON o.id = n.id
    WHERE n.kind = 'customer' AND (n.state, n.expires_or_never) IS DISTINCT FROM (o.state, o.expires_or_never);
  IF affected IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM FROM key_activity WHERE key_id IN (SELECT id FROM after_it) ORDER BY key_id FOR UPDATE;
  UPDATE key_activity a SET
      live_until = CASE WHEN n.state = 'revoked' THEN '-infinity' ELSE n.expires_or_never END,
      dead_since = CASE WHEN n.state = 'revoked' THEN least(n.state_at, n.expires_or_never) ELSE n.expires_or_never END
    FROM after_it n JOIN before_it o ON o.id = n.id
    WHERE a.key_id = n.id AND (n.state, n.expires_or_never) IS DISTINCT FROM (o.state, o.expires_or_never);
  PERFORM FROM account_activity WHERE account_id = ANY (affected) ORDER BY account_id FOR UPDATE;
  UPDATE account_activity a SET unrevoked = a.unrevoked + d.more
    FROM (SELECT n.account_id, sum((n.state <> 'revoked')::int - (o.state <> 'revoked')::int)::int AS more
      FROM after_it n JOIN before_it o ON o.id = n.id WHERE n.kind = 'customer' GROUP BY n.account_id) d
    WHERE a.account_id = d.account_id AND d.more <> 0;
  UPDATE account_activity a SET over_ten_until = CASE WHEN a.unrevoked > 10 THEN eleventh_expiry(a.account_id) ELSE '-infinity' END
    WHERE a.account_id = ANY (affected);
  RETURN NULL;
END $$;

CREATE FUNCTION note_rotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rotated_at := NEW.updated_at;
  RETURN NEW;
END $$;

CREATE FUNCTION note_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE key_activity a SET
      used_hour = greatest(a.used_hour, date_trunc('hour', NEW.last_used_at, 'UTC')),
      refused_hour = greatest(a.refused_hour, date_trunc('hour', NEW.last_refused_at, 'UTC'))
    WHERE a.key_id = NEW.key_id
      AND (a.used_hour < date_trunc('hour', NEW.last_used_at, 'UTC') OR a.refused_hour < date_trunc('hour', NEW.last_refused_at, 'UTC'));
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_made AFTER INSERT ON api_key REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION note_made_keys();
CREATE TRIGGER api_key_changed AFTER UPDATE ON api_key REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_keys();
CREATE TRIGGER api_key_rotated BEFORE UPDATE OF version ON api_key FOR EACH ROW
  WHEN (NEW.version > OLD.version) EXECUTE FUNCTION note_rotation();
CREATE TRIGGER key_use_first AFTER INSERT ON key_use FOR EACH ROW EXECUTE FUNCTION note_use();
CREATE TRIGGER key_use_later AFTER UPDATE ON key_use FOR EACH ROW
  WHEN (date_trunc('hour', NEW.last_used_at, 'UTC') IS DISTINCT FROM date_trunc('hour', OLD.last_used_at, 'UTC')
    OR date_trunc('hour', NEW.last_refused_at, 'UTC') IS DISTINCT FROM date_trunc('hour', OLD.last_refused_at, 'UTC'))
  EXECUTE FUNCTION note_use();

-- Writes anew what the triggers keep, of all rows: for an installation that has keys already, and after a restore. To be called by
-- the owner while row-level security is not forced.
CREATE FUNCTION rebuild_activity() RETURNS void LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
BEGIN
  DELETE FROM grant_set;
  DELETE FROM key_activity;
  DELETE FROM account_activity;
  INSERT INTO grant_set SELECT DISTINCT ON (grant_set) grant_set, tier, scopes FROM api_key WHERE kind = 'customer' ORDER BY grant_set;
  INSERT INTO key_activity
    SELECT k.id, k.account_id, k.created_at, CASE WHEN k.state = 'revoked' THEN '-infinity' ELSE k.expires_or_never END,
      CASE WHEN k.state = 'revoked' THEN least(k.state_at, k.expires_or_never) ELSE k.expires_or_never END,
      coalesce(date_trunc('hour', u.used, 'UTC'), '-infinity'), coalesce(date_trunc('hour', u.refused, 'UTC'), '-infinity')
    FROM api_key k
    LEFT JOIN (SELECT key_id, max(last_used_at) AS used, max(last_refused_at) AS refused FROM key_use GROUP BY key_id) u ON u.key_id = k.id
    WHERE k.kind = 'customer' ORDER BY k.id;
  INSERT INTO account_activity
    SELECT c.account_id, c.unrevoked, CASE WHEN c.unrevoked > 10 THEN eleventh_expiry(c.account_id) ELSE '-infinity' END
    FROM (SELECT account_id, count(*) FILTER (WHERE state <> 'revoked') AS unrevoked FROM api_key WHERE kind = 'customer' GROUP BY account_id) c;
END $$;

ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
ALTER TABLE key_use NO FORCE ROW LEVEL SECURITY;
SELECT rebuild_activity();
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
ALTER TABLE key_use FORCE ROW LEVEL SECURITY;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['key_activity', 'account_activity'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account())) WITH CHECK ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
  END LOOP;
END $$;
ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_view FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON saved_view TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));

GRANT SELECT, INSERT, UPDATE ON key_activity, account_activity TO {{platform}}, {{app}};
GRANT SELECT, INSERT ON grant_set TO {{platform}}, {{app}};
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO {{platform}};
