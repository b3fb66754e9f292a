-- Ground: plans, environments, scopes with routes, accounts, members, services.

CREATE TABLE plan (
  name text PRIMARY KEY,
  limits jsonb NOT NULL DEFAULT '[]',
  max_active_keys integer CHECK (max_active_keys > 0),
  scopes text[],
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE environment (
  name text PRIMARY KEY,
  tag text NOT NULL UNIQUE CHECK (tag ~ '^[a-z0-9]{2,4}$' AND tag <> 'mgmt'),
  class text NOT NULL CHECK (class IN ('production', 'staging', 'development')),
  scopes text[],
  limits jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
INSERT INTO environment (name, tag, class, created_at, updated_at) VALUES
  ('live', 'live', 'production', now(), now()),
  ('test', 'test', 'staging', now(), now()),
  ('dev', 'dev', 'development', now(), now());

CREATE TABLE scope (
  name text PRIMARY KEY,
  description text NOT NULL,
  tier text NOT NULL CHECK (tier IN ('read', 'write', 'admin')),
  sensitive boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE scope_route (
  method text NOT NULL,
  path text NOT NULL,
  scope text NOT NULL REFERENCES scope (name) ON DELETE CASCADE,
  PRIMARY KEY (method, path)
);
CREATE INDEX scope_route_scope ON scope_route (scope);

CREATE TABLE account (
  id text PRIMARY KEY,
  external_id text UNIQUE,
  name text NOT NULL,
  plan text REFERENCES plan (name),
  metadata jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL CHECK (status IN ('active', 'suspended')),
  suspended_reason text,
  suspended_at timestamptz,
  reserved boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX account_one_reserved ON account (reserved) WHERE reserved;

CREATE TABLE member (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  external_id text,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'viewer')),
  status text NOT NULL CHECK (status IN ('active', 'deactivated')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (account_id, external_id),
  UNIQUE (account_id, id)
);

CREATE TABLE service (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  external_id text,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (account_id, external_id),
  UNIQUE (account_id, id)
);

DO $$
DECLARE t text; owned text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account', 'member', 'service'] LOOP
    owned := CASE t WHEN 'account' THEN 'id' ELSE 'account_id' END;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING (reach() = ''platform'') WITH CHECK (reach() = ''platform'')', t);
    EXECUTE format('CREATE POLICY account ON %I TO {{app}} USING (reach() = ''account'' AND %I = reach_account()) WITH CHECK (reach() = ''account'' AND %I = reach_account())', t, owned, owned);
    EXECUTE format('CREATE POLICY lookup ON %I FOR SELECT TO {{lookup}} USING (reach() = ''lookup'')', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['plan', 'environment', 'scope', 'scope_route', 'account', 'member'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_change()', t || '_takes_a_seq', t);
  END LOOP;
END $$;

GRANT SELECT ON plan, environment, scope, scope_route TO {{platform}}, {{app}}, {{lookup}};
GRANT INSERT, UPDATE, DELETE ON plan, environment, scope, scope_route TO {{platform}};
GRANT SELECT, INSERT, UPDATE ON account, member, service TO {{platform}};
GRANT SELECT ON account, member, service TO {{app}};
GRANT SELECT ON account TO {{lookup}};
