-- Keys that are rotated by themselves. See docs/decisions/0044-secrets-on-their-way-are-sealed.md.

-- every_days:   null: as the policy of the key says at that time
-- store_id:     with its path; null where secrets are offered
-- next_at:      when the key is rotated, or looked at again, at the soonest
CREATE TABLE rotation_schedule (
  key_id text PRIMARY KEY,
  account_id text NOT NULL,
  every_days integer CHECK (every_days BETWEEN 1 AND 3650),
  overlap_hours integer NOT NULL CHECK (overlap_hours BETWEEN 24 AND 168),
  store_id text REFERENCES secret_store (id),
  path text,
  next_at timestamptz NOT NULL,
  held_since timestamptz,
  held_because text CHECK (held_because IN ('store', 'unclaimed', 'refused')),
  held_detail text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  CHECK ((store_id IS NULL) = (path IS NULL)),
  CHECK ((held_since IS NULL) = (held_because IS NULL))
);
CREATE INDEX rotation_schedule_account ON rotation_schedule (account_id, key_id);
CREATE INDEX rotation_schedule_due ON rotation_schedule (next_at);

ALTER TABLE rotation_schedule ENABLE ROW LEVEL SECURITY;
ALTER TABLE rotation_schedule FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON rotation_schedule TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON rotation_schedule TO {{platform}};
