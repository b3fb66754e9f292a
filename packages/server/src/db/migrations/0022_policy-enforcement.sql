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
