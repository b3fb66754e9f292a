-- Policies that became stricter are carried to the keys there are, page by page: whose keys, from when on, and how far it has come.

-- subject:     `policy:<name>`, `account:<id>` or `environment:<name>`
-- grace_until: no key ends sooner by it
-- after_key:   keys up to this one have been looked at
CREATE TABLE policy_enforcement (
  id text PRIMARY KEY,
  subject text NOT NULL,
  grace_until timestamptz NOT NULL CHECK (isfinite(grace_until)),
  after_key text NOT NULL DEFAULT '',
  looked bigint NOT NULL DEFAULT 0,
  shortened bigint NOT NULL DEFAULT 0,
  superseded boolean NOT NULL DEFAULT false,
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX policy_enforcement_open ON policy_enforcement (id) WHERE finished_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON policy_enforcement TO {{platform}};

-- In the reach of an account those policies are seen that may hold for its keys, and none that is another account's alone: what an account has
-- agreed to is nobody else's to read.

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['policy', 'environment_policy'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
END $$;
CREATE POLICY account ON environment_policy FOR SELECT TO {{app}} USING ((SELECT reach() = 'account'));
-- Of account_policy the account sees its own row.
CREATE POLICY account ON policy FOR SELECT TO {{app}} USING ((SELECT reach() = 'account')
  AND (name IN ('default', 'management') OR name IN (SELECT policy FROM account_policy) OR name IN (SELECT policy FROM environment_policy)));
