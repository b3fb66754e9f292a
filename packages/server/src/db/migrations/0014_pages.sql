-- Pages of accounts and of the platform, at any number of keys. See docs/decisions/0026-pages-from-bounded-reads.md.

-- In the order in which acts and writers of uses take them, so that neither waits for this while this waits for it.
LOCK TABLE api_key, key_activity, usage_hour, key_outcome IN SHARE ROW EXCLUSIVE MODE;

-- An account's keys by when they were used last; which of its keys were refused, and why; its counts by the hour. Of key_outcome
-- and usage_hour neither column ever changes, so that counting on costs what it did.
CREATE INDEX key_activity_account ON key_activity (account_id, used_hour, key_id) INCLUDE (live_until);
CREATE INDEX key_outcome_refused ON key_outcome (account_id, key_id) WHERE code <> 'VALID';
CREATE INDEX usage_hour_account ON usage_hour (account_id, starts_at);
CREATE INDEX api_key_suspended ON api_key (account_id, expires_or_never) WHERE kind = 'customer' AND state = 'suspended';

-- How many keys there are, by environment, state and day of expiry ('infinity' for never): the sum of all rows that have them in
-- common. Whoever makes or changes keys adds rows and changes none, so that no act waits for another; a job adds them up.
CREATE SEQUENCE key_tally_id CACHE 100;
CREATE TABLE key_tally (
  id bigint PRIMARY KEY DEFAULT nextval('key_tally_id'),
  environment text NOT NULL,
  state text NOT NULL,
  expires_on date NOT NULL,
  keys bigint NOT NULL
);

CREATE FUNCTION tally_made_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO key_tally (environment, state, expires_on, keys)
    SELECT m.environment, m.state, (m.expires_or_never AT TIME ZONE 'UTC')::date, count(*)
    FROM made m WHERE m.kind = 'customer' GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE FUNCTION tally_changed_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO key_tally (environment, state, expires_on, keys)
    SELECT c.environment, c.state, c.expires_on, sum(c.change) FROM (
      SELECT environment, state, (expires_or_never AT TIME ZONE 'UTC')::date AS expires_on, -1 AS change FROM before_it WHERE kind = 'customer'
      UNION ALL
      SELECT environment, state, (expires_or_never AT TIME ZONE 'UTC')::date, 1 FROM after_it WHERE kind = 'customer') c
    GROUP BY 1, 2, 3 HAVING sum(c.change) <> 0;
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_made_tally AFTER INSERT ON api_key REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION tally_made_keys();
CREATE TRIGGER api_key_changed_tally AFTER UPDATE ON api_key REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION tally_changed_keys();

-- Writes it anew, of all keys. To be called by the owner while row-level security is not forced.
CREATE FUNCTION rebuild_tally() RETURNS void LANGUAGE sql SET search_path = claviger, pg_temp AS $$
  DELETE FROM key_tally;
  INSERT INTO key_tally (environment, state, expires_on, keys)
    SELECT environment, state, (expires_or_never AT TIME ZONE 'UTC')::date, count(*) FROM api_key WHERE kind = 'customer' GROUP BY 1, 2, 3
$$;

ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
SELECT rebuild_tally();
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;

-- Sums of all accounts: shown to nobody within the reach of one, whose acts add to them by the triggers and in no other way.
ALTER TABLE key_tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_tally FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON key_tally TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
CREATE POLICY tallied ON key_tally FOR INSERT TO {{app}}, {{platform}} WITH CHECK (pg_trigger_depth() > 0);

GRANT USAGE ON SEQUENCE key_tally_id TO {{platform}}, {{app}};
GRANT INSERT ON key_tally TO {{app}};
GRANT SELECT, INSERT, DELETE ON key_tally TO {{platform}};
