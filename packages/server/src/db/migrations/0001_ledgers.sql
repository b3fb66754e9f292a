-- Ledgers: what changed (coherence), what was done (audit), what to tell others (outbox), who is alive (node).
-- {{app}}, {{platform}} and {{lookup}} are the roles of this installation; see db/roles.ts.

CREATE FUNCTION reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('claviger.reach', true);
CREATE FUNCTION reach_account() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('claviger.account', true), '');

-- Random secrets of the installation, each wrapped by a key derived from the master key.
CREATE TABLE keyring (
  purpose text NOT NULL CHECK (purpose IN ('pepper', 'tag', 'audit')),
  version integer NOT NULL CHECK (version > 0),
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (purpose, version)
);

-- Coherence -------------------------------------------------------------------------------------------------
CREATE TABLE cluster (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id uuid NOT NULL
);
INSERT INTO cluster (id) VALUES (gen_random_uuid());

CREATE TABLE change_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq bigint NOT NULL
);
INSERT INTO change_head (seq) VALUES (0);

CREATE TABLE change_log (
  seq bigint PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('narrow', 'widen')),
  subjects text[] NOT NULL CHECK (cardinality(subjects) > 0),
  at timestamptz NOT NULL
);

CREATE TABLE node (
  incarnation uuid PRIMARY KEY,
  name text NOT NULL,
  token uuid NOT NULL,
  acked_seq bigint NOT NULL,
  acked_epoch text NOT NULL,
  term_ms integer NOT NULL CHECK (term_ms BETWEEN 250 AND 60000),
  max_stale_ms integer NOT NULL DEFAULT 0 CHECK (max_stale_ms >= 0),
  fenced boolean NOT NULL DEFAULT false,
  software text NOT NULL,
  started_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Verify-relevant rows may only change in a transaction that takes a sequence number. The trigger fires at commit.
CREATE FUNCTION require_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('claviger.change_seq', true) IS NULL OR current_setting('claviger.change_seq', true) = '' THEN
    RAISE EXCEPTION 'a change of % was not written to the change log', TG_TABLE_NAME USING ERRCODE = 'CV001';
  END IF;
  RETURN NULL;
END $$;

-- Audit -----------------------------------------------------------------------------------------------------
CREATE TABLE audit_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO audit_head (seq, hash) VALUES (0, '\x0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE audit_event (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  action text NOT NULL,
  account_id text,
  actor_id text,
  target_type text NOT NULL,
  target_id text NOT NULL,
  payload text NOT NULL,
  key_version integer NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_event_account ON audit_event (account_id, seq);
CREATE INDEX audit_event_target ON audit_event (target_id, seq);
CREATE INDEX audit_event_action ON audit_event (action, seq);

CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CV002';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_edit();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

-- Events for others, delivered by later consumers; written with the act or not at all.
CREATE TABLE outbox_event (
  id text PRIMARY KEY,
  type text NOT NULL,
  account_id text,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX outbox_event_created ON outbox_event (created_at);

-- One row for each POST that came with an Idempotency-Key and was carried out.
CREATE TABLE idempotency_record (
  principal text NOT NULL,
  key text NOT NULL,
  account_id text,
  fingerprint bytea NOT NULL,
  body jsonb,
  barrier_seq bigint,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_record_created ON idempotency_record (created_at);

ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON audit_event TO {{platform}} USING (reach() = 'platform') WITH CHECK (reach() = 'platform');
CREATE POLICY account ON audit_event TO {{app}}
  USING (reach() = 'account' AND account_id = reach_account())
  WITH CHECK (reach() = 'account' AND account_id = reach_account());
ALTER TABLE outbox_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_event FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON outbox_event TO {{platform}} USING (reach() = 'platform') WITH CHECK (reach() = 'platform');
CREATE POLICY account ON outbox_event TO {{app}}
  USING (reach() = 'account' AND account_id = reach_account())
  WITH CHECK (reach() = 'account' AND account_id = reach_account());
ALTER TABLE idempotency_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_record FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON idempotency_record TO {{platform}} USING (reach() = 'platform') WITH CHECK (reach() = 'platform');
CREATE POLICY account ON idempotency_record TO {{app}}
  USING (reach() = 'account' AND account_id = reach_account())
  WITH CHECK (reach() = 'account' AND account_id = reach_account());

GRANT SELECT ON keyring, cluster TO {{platform}};
GRANT INSERT ON keyring TO {{platform}};
GRANT UPDATE (wrapped) ON keyring TO {{platform}};
GRANT SELECT, INSERT, UPDATE, DELETE ON node TO {{platform}};
GRANT SELECT ON change_head, change_log, audit_head TO {{platform}}, {{app}}, {{lookup}};
GRANT UPDATE (seq) ON change_head TO {{platform}}, {{app}};
GRANT INSERT ON change_log TO {{platform}}, {{app}};
GRANT DELETE ON change_log TO {{platform}};
GRANT UPDATE (seq, hash) ON audit_head TO {{platform}}, {{app}};
GRANT SELECT, INSERT ON audit_event TO {{platform}}, {{app}};
GRANT SELECT, INSERT, DELETE ON outbox_event TO {{platform}};
GRANT INSERT ON outbox_event TO {{app}};
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_record TO {{platform}}, {{app}};
