-- Keys: the lasting thing, and its versions, which are the secrets.

CREATE TABLE api_key (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  kind text NOT NULL CHECK (kind IN ('customer', 'management')),
  environment text REFERENCES environment (name),
  label text NOT NULL,
  purpose text,
  rationale text,
  tier text CHECK (tier IN ('read', 'write', 'admin')),
  scopes text[] NOT NULL,
  owner_member text,
  owner_team text,
  service_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  expires_at timestamptz,
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'revoked')),
  state_reason text,
  state_comment text,
  state_at timestamptz,
  allowed_ips text[] NOT NULL,
  allowed_referrers text[] NOT NULL,
  audiences text[] NOT NULL,
  limits jsonb NOT NULL,
  stored_in text,
  criticality text CHECK (criticality IN ('low', 'medium', 'high', 'critical')),
  runbook_url text,
  dependants jsonb NOT NULL,
  tags text[] NOT NULL,
  metadata jsonb NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  preview text NOT NULL,
  CHECK (owner_member IS NULL OR owner_team IS NULL),
  CHECK (kind = 'management' OR environment IS NOT NULL),
  CHECK (isfinite(expires_at)),
  UNIQUE (account_id, id),
  FOREIGN KEY (account_id, owner_member) REFERENCES member (account_id, id),
  FOREIGN KEY (account_id, service_id) REFERENCES service (account_id, id)
);
CREATE INDEX api_key_created ON api_key (created_at, id);
CREATE INDEX api_key_account ON api_key (account_id, created_at, id);
CREATE INDEX api_key_owner ON api_key (owner_member) WHERE owner_member IS NOT NULL;
CREATE INDEX api_key_service ON api_key (service_id) WHERE service_id IS NOT NULL;

CREATE TABLE key_version (
  key_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  account_id text NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  pepper_version integer NOT NULL,
  preview text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'ended')),
  imported boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  expires_at timestamptz CHECK (isfinite(expires_at)),
  ended_at timestamptz,
  PRIMARY KEY (key_id, version),
  UNIQUE (digest),
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id)
);

-- When a key was last seen; written in batches, no part of what verification decides.
CREATE TABLE key_use (
  key_id text NOT NULL,
  version integer NOT NULL,
  account_id text NOT NULL,
  first_used_at timestamptz,
  last_used_at timestamptz,
  last_refused_at timestamptz,
  last_refused_code text,
  accepted bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (key_id, version)
);
CREATE TABLE key_use_day (
  key_id text NOT NULL,
  day date NOT NULL,
  account_id text NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (key_id, day)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['api_key', 'key_version', 'key_use', 'key_use_day'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING (reach() = ''platform'') WITH CHECK (reach() = ''platform'')', t);
    EXECUTE format('CREATE POLICY account ON %I TO {{app}} USING (reach() = ''account'' AND account_id = reach_account()) WITH CHECK (reach() = ''account'' AND account_id = reach_account())', t);
    EXECUTE format('CREATE POLICY lookup ON %I FOR SELECT TO {{lookup}} USING (reach() = ''lookup'')', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['api_key', 'key_version'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_change()', t || '_takes_a_seq', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON api_key, key_version TO {{platform}}, {{app}};
GRANT SELECT ON api_key, key_version TO {{lookup}};
GRANT SELECT, INSERT, UPDATE ON key_use, key_use_day TO {{platform}};
GRANT SELECT ON key_use, key_use_day TO {{app}};
