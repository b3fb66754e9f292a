-- One shared key in the place of which each of its callers is given one of its own. See docs/decisions/0047-a-split-ends-at-zero.md.

-- looked_until: traffic up to then was looked at for callers; looked_at: when, by the clock of the database
-- quiet_from:   from then on nobody using the key is a sign
-- unlisted_at:  when somebody was seen for whom there was no room among the callers
CREATE TABLE key_split (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  key_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'finished', 'cancelled')),
  days integer NOT NULL CHECK (days BETWEEN 1 AND 90),
  quiet_hours integer NOT NULL CHECK (quiet_hours BETWEEN 1 AND 2160),
  revokes boolean NOT NULL,
  looked_until timestamptz NOT NULL,
  looked_at timestamptz NOT NULL,
  quiet_from timestamptz NOT NULL,
  unlisted_at timestamptz,
  next_at timestamptz NOT NULL,
  started_by jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_because text CHECK (ended_because IN ('quiet', 'asked', 'key')),
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  CHECK ((ended_at IS NULL) = (state = 'open')),
  CHECK ((ended_because IS NOT NULL) = (state = 'finished'))
);
CREATE UNIQUE INDEX key_split_open ON key_split (key_id) WHERE state = 'open';
CREATE INDEX key_split_key ON key_split (key_id, id);
CREATE INDEX key_split_account ON key_split (account_id, id);
CREATE INDEX key_split_due ON key_split (next_at) WHERE state = 'open';

-- found:   in traffic, and not put by somebody
-- key_id:  its own; null where it has none yet
CREATE TABLE split_caller (
  split_id text NOT NULL REFERENCES key_split (id),
  name text NOT NULL,
  account_id text NOT NULL,
  service text,
  network text,
  agent text,
  description text,
  found boolean NOT NULL,
  dropped boolean NOT NULL,
  requests bigint NOT NULL CHECK (requests >= 0),
  routes jsonb NOT NULL,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  key_id text,
  PRIMARY KEY (split_id, name),
  UNIQUE NULLS NOT DISTINCT (split_id, service, network, agent),
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id)
);
CREATE INDEX split_caller_account ON split_caller (account_id, split_id);

ALTER TABLE key_split ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_split FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON key_split TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON key_split TO {{platform}};
ALTER TABLE split_caller ENABLE ROW LEVEL SECURITY;
ALTER TABLE split_caller FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON split_caller TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON split_caller TO {{platform}};
