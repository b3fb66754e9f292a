-- Off-boarding: what becomes of the keys of members who leave; see docs/decisions/0039-leaving.md.

ALTER TABLE bulk_act_key DROP CONSTRAINT bulk_act_key_outcome_check,
  ADD CONSTRAINT bulk_act_key_outcome_check CHECK (outcome IN ('done', 'already', 'final', 'kept', 'unknown'));

-- What is done with them. The row of the reserved account holds for every account that has none.
CREATE TABLE offboarding_policy (
  account_id text PRIMARY KEY REFERENCES account (id),
  keys text NOT NULL CHECK (keys IN ('keep', 'suspend', 'revoke', 'hand-over')),
  to_member text,
  to_team text,
  updated_at timestamptz NOT NULL,
  CHECK (num_nonnulls(to_member, to_team) = CASE keys WHEN 'hand-over' THEN 1 ELSE 0 END),
  FOREIGN KEY (account_id, to_member) REFERENCES member (account_id, id)
);

-- Each time that a member left. bulk_act: null where they owned none, or their keys were kept. made: keys that they had made for others.
CREATE TABLE offboarding (
  account_id text NOT NULL,
  member_id text NOT NULL,
  started_at timestamptz NOT NULL,
  keys text NOT NULL CHECK (keys IN ('keep', 'suspend', 'revoke', 'hand-over')),
  to_member text,
  to_team text,
  owned integer NOT NULL CHECK (owned >= 0),
  made integer NOT NULL CHECK (made >= 0),
  bulk_act text REFERENCES bulk_act (id),
  PRIMARY KEY (account_id, member_id, started_at),
  FOREIGN KEY (account_id, member_id) REFERENCES member (account_id, id)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['offboarding_policy', 'offboarding'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON offboarding_policy TO {{platform}};
GRANT SELECT, INSERT ON offboarding TO {{platform}};
GRANT SELECT ON offboarding_policy, offboarding TO {{app}};

-- Management keys of identity providers, each bound to the account whose members it provisions.
CREATE TABLE scim_credential (
  key_id text PRIMARY KEY REFERENCES api_key (id),
  account_id text NOT NULL REFERENCES account (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX scim_credential_account ON scim_credential (account_id);

-- What an identity provider says of a member beyond what a member has. deleted_at: it has taken the user away.
CREATE TABLE scim_user (
  account_id text NOT NULL,
  member_id text NOT NULL,
  user_name text NOT NULL,
  external_id text,
  given_name text,
  family_name text,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (account_id, member_id),
  FOREIGN KEY (account_id, member_id) REFERENCES member (account_id, id)
);
CREATE UNIQUE INDEX scim_user_name ON scim_user (account_id, lower(user_name));

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['scim_credential', 'scim_user'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account())) WITH CHECK ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE ON scim_credential TO {{platform}};
GRANT SELECT ON scim_credential TO {{app}};
GRANT SELECT, INSERT, UPDATE, DELETE ON scim_user TO {{platform}};
GRANT SELECT ON scim_user TO {{app}};

-- Keys whose owner is gone, and those that somebody owns.
CREATE INDEX api_key_owned ON api_key (owner_member, id) INCLUDE (expires_or_never, state)
  WHERE kind = 'customer' AND owner_member IS NOT NULL;
