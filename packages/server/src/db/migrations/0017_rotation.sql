-- Rotation: version n+1 of a key takes the place of version n. See docs/decisions/0027-rotation-on-the-keys-versions.md.

-- Until then an older version works beside the one in force; null where the key is not being rotated. A nullable column without a
-- default: nothing is rewritten, and nodes of the version before leave it as it is.
ALTER TABLE api_key ADD COLUMN rotating_until timestamptz;
CREATE INDEX api_key_rotating ON api_key (rotating_until, id) WHERE rotating_until IS NOT NULL;

-- One row for each rotation; at most one of a key is open.
-- old_ends_at:  when the old version ends, as things stand; it says so itself in key_version, which is what verification reads
-- revision:     goes up with every act on it
CREATE TABLE rotation (
  key_id text NOT NULL,
  to_version integer NOT NULL CHECK (to_version > 1),
  account_id text NOT NULL,
  from_version integer NOT NULL CHECK (from_version > 0 AND from_version < to_version),
  kind text NOT NULL CHECK (kind IN ('guided', 'emergency')),
  phase text NOT NULL CHECK (phase IN ('issued', 'seen', 'confirmed', 'retiring', 'done', 'cancelled', 'superseded')),
  grace_starts text NOT NULL CHECK (grace_starts IN ('now', 'first-use', 'confirm')),
  overlap_ms bigint NOT NULL CHECK (overlap_ms >= 0),
  started_by_type text NOT NULL,
  started_by text NOT NULL,
  issued_at timestamptz NOT NULL,
  seen_at timestamptz,
  confirmed_at timestamptz,
  old_ends_at timestamptz NOT NULL,
  last_date timestamptz NOT NULL CHECK (isfinite(last_date)),
  ended_at timestamptz,
  prior_expires_at timestamptz,
  new_expires_at timestamptz,
  revision integer NOT NULL CHECK (revision > 0),
  PRIMARY KEY (key_id, to_version),
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  CHECK (old_ends_at <= last_date),
  CHECK ((ended_at IS NULL) = (phase IN ('issued', 'seen', 'confirmed', 'retiring')))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX rotation_open ON rotation (key_id) WHERE ended_at IS NULL;
CREATE INDEX rotation_due ON rotation (old_ends_at) WHERE ended_at IS NULL;
CREATE INDEX rotation_unseen ON rotation (key_id, to_version) WHERE ended_at IS NULL AND seen_at IS NULL;

ALTER TABLE rotation ENABLE ROW LEVEL SECURITY;
ALTER TABLE rotation FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON rotation TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
CREATE POLICY account ON rotation TO {{app}}
  USING ((SELECT reach() = 'account') AND account_id = (SELECT reach_account()))
  WITH CHECK ((SELECT reach() = 'account') AND account_id = (SELECT reach_account()));
GRANT SELECT, INSERT, UPDATE ON rotation TO {{platform}}, {{app}};

-- A rotation that is cancelled leaves the version in force that was: it is as old as it was.
CREATE FUNCTION note_cancelled_rotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rotated_at := (SELECT v.created_at FROM key_version v WHERE v.key_id = NEW.id AND v.version = NEW.version AND v.version > 1);
  RETURN NEW;
END $$;
CREATE TRIGGER api_key_rotation_cancelled BEFORE UPDATE OF version ON api_key FOR EACH ROW
  WHEN (NEW.version < OLD.version) EXECUTE FUNCTION note_cancelled_rotation();
