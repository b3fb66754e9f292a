-- One-time links: a secret that was just made is behind a link, once. See docs/decisions/0036-links-that-the-database-cannot-open.md.

-- token_hash:   of what stands in the link; whoever has the row alone has no link
-- sealed:       the secret under a key made of the token, and of the passphrase where there is one, and under the key that seals; gone when
--               the link has ended
-- management:   of a management key, which is for those alone who may manage such keys
-- state:        void: its key or version had ended when somebody wanted to open it
-- opened_from:  the address of whoever opened it
CREATE TABLE secret_link (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  key_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  management boolean NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  sealed bytea,
  passphrase boolean NOT NULL,
  allowed_ips text[] NOT NULL CHECK (cardinality(allowed_ips) <= 20),
  recipient text,
  state text NOT NULL CHECK (state IN ('open', 'opened', 'expired', 'revoked', 'locked', 'void')),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  opened_from text,
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  CHECK (expires_at > created_at AND expires_at <= created_at + interval '7 days'),
  CHECK ((state = 'open') = (sealed IS NOT NULL)),
  CHECK ((state = 'open') = (ended_at IS NULL)),
  CHECK (opened_from IS NULL OR state = 'opened')
);
CREATE INDEX secret_link_account ON secret_link (account_id, id);
CREATE INDEX secret_link_key ON secret_link (key_id, id);
CREATE INDEX secret_link_due ON secret_link (expires_at) WHERE state = 'open';
CREATE INDEX secret_link_ended ON secret_link (ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE secret_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_link FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON secret_link TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_link TO {{platform}};
