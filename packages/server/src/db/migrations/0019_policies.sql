-- Policies: what keys may and must be. No part of what verification decides: what a policy demands at verification is stored with the key.

CREATE TABLE policy (
  name text PRIMARY KEY,
  description text,
  body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
-- What they leave out is built in.
INSERT INTO policy (name, description, body, created_at, updated_at) VALUES
  ('default', 'What holds for keys of customers where nothing else is said', '{"lifetimeDays": 90, "maxLifetimeDays": null, "rotationDays": 90, "overlapHours": 72,
    "warningDays": [30, 14, 7, 3, 1], "dormancyDays": 90, "dormancyAction": "flag", "dormancyNoticeDays": 14,
    "risks": {"elevated": {"rotationDays": 60}, "high": {"lifetimeDays": 30, "maxLifetimeDays": 365, "rotationDays": 30}}}', now(), now()),
  ('management', 'What holds for management and verifier credentials, and for nothing else', '{"lifetimeDays": null, "maxLifetimeDays": null}', now(), now());

-- policy:    the one that the account refers to; null for none
-- overrides: what is set for the account alone
CREATE TABLE account_policy (
  account_id text PRIMARY KEY REFERENCES account (id),
  policy text REFERENCES policy (name),
  overrides jsonb NOT NULL CHECK (jsonb_typeof(overrides) = 'object'),
  updated_at timestamptz NOT NULL
);
CREATE TABLE environment_policy (
  environment text PRIMARY KEY REFERENCES environment (name),
  policy text REFERENCES policy (name),
  updated_at timestamptz NOT NULL
);
-- What a customer has set on a key of its own.
CREATE TABLE key_policy (
  key_id text PRIMARY KEY,
  account_id text NOT NULL,
  body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  updated_at timestamptz NOT NULL,
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account_policy', 'key_policy'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
  END LOOP;
END $$;

GRANT SELECT ON policy, account_policy, environment_policy, key_policy TO {{platform}}, {{app}};
GRANT INSERT, UPDATE, DELETE ON policy, account_policy, environment_policy, key_policy TO {{platform}};
