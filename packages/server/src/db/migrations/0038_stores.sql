-- Secret stores, and secrets on their way to them. See docs/decisions/0044-secrets-on-their-way-are-sealed.md.

-- settings:     of its kind, nothing of it secret
-- credential:   sealed; a command has none
CREATE TABLE secret_store (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('vault', 'aws-secrets-manager', 'command')),
  description text,
  path_prefix text NOT NULL,
  settings jsonb NOT NULL,
  credential bytea,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((kind = 'command') = (credential IS NULL))
);
ALTER TABLE secret_store ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_store FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON secret_store TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_store TO {{platform}};

-- management:   of a management key, which is for those alone who may manage such keys
-- store_id:     null where it is offered from the start
-- sealed:       the secret; gone when the hand-over has ended
-- scheduled:    of a rotation that nobody asked for; where its store does not take it, its version ends
-- due_at:       when it is tried next
-- deadline:     of a waiting one, when trying ends; of an offered one, when it expires
CREATE TABLE hand_over (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  key_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  management boolean NOT NULL,
  scheduled boolean NOT NULL,
  store_id text,
  path text,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'offered', 'claimed', 'failed', 'expired', 'void')),
  sealed bytea,
  tries integer NOT NULL DEFAULT 0,
  attempts jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_array_length(attempts) <= 10),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  deadline timestamptz NOT NULL,
  ended_at timestamptz,
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  CHECK ((store_id IS NULL) = (path IS NULL)),
  CHECK (store_id IS NOT NULL OR state NOT IN ('waiting', 'delivered')),
  CHECK ((state IN ('waiting', 'offered')) = (sealed IS NOT NULL)),
  CHECK ((state IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE INDEX hand_over_account ON hand_over (account_id, id);
CREATE INDEX hand_over_key ON hand_over (key_id, id);
CREATE INDEX hand_over_store ON hand_over (store_id, id);
CREATE INDEX hand_over_waiting ON hand_over (store_id, due_at) WHERE state = 'waiting';
CREATE INDEX hand_over_offered ON hand_over (deadline) WHERE state = 'offered';
CREATE INDEX hand_over_ended ON hand_over (ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE hand_over ENABLE ROW LEVEL SECURITY;
ALTER TABLE hand_over FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON hand_over TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON hand_over TO {{platform}};
