-- Recoverable keys: the secret of a version, sealed, for a platform that wants to show it again. See docs/decisions/0043-recoverable-keys.md.

-- kek:      which key-encryption key wraps the data key; it is never in the database
-- wrapped:  the data key, which seals this one secret, under the key-encryption key
-- sealed:   the secret under the data key; account, key and version are authenticated with it
CREATE TABLE recoverable_secret (
  key_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  account_id text NOT NULL,
  kek text NOT NULL CHECK (length(kek) BETWEEN 1 AND 400),
  wrapped bytea NOT NULL CHECK (octet_length(wrapped) BETWEEN 1 AND 8192),
  sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 29 AND 1024),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (key_id, version),
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id),
  FOREIGN KEY (key_id, version) REFERENCES key_version (key_id, version)
);
CREATE INDEX recoverable_secret_account ON recoverable_secret (account_id);

ALTER TABLE recoverable_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE recoverable_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON recoverable_secret TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
CREATE POLICY account ON recoverable_secret TO {{app}}
  USING ((SELECT reach() = 'account') AND account_id = (SELECT reach_account()))
  WITH CHECK ((SELECT reach() = 'account') AND account_id = (SELECT reach_account()));
GRANT SELECT, INSERT, DELETE ON recoverable_secret TO {{platform}};
GRANT UPDATE (kek, wrapped) ON recoverable_secret TO {{platform}};
-- A holder who rotates its own key has the new secret sealed, and who revokes it has all erased; neither reads what is sealed.
GRANT SELECT (key_id, version, account_id), INSERT, DELETE ON recoverable_secret TO {{app}};

-- Who is told when a secret is shown again.
ALTER TABLE notice_preference DROP CONSTRAINT notice_preference_kind_check;
ALTER TABLE notice_preference ADD CONSTRAINT notice_preference_kind_check
  CHECK (kind IN ('expiry', 'ended', 'rotation', 'reveal', 'approval', 'budget'));

-- Whoever ends a key or a version, by whatever act, on a node of whatever version, erases its secret with it.
CREATE FUNCTION erase_recoverable_key() RETURNS trigger LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
BEGIN
  DELETE FROM recoverable_secret WHERE key_id = NEW.id;
  RETURN NULL;
END $$;
CREATE FUNCTION erase_recoverable_version() RETURNS trigger LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
BEGIN
  DELETE FROM recoverable_secret WHERE key_id = NEW.key_id AND version = NEW.version;
  RETURN NULL;
END $$;
CREATE TRIGGER api_key_revoked_erases AFTER UPDATE OF state ON api_key FOR EACH ROW
  WHEN (NEW.state = 'revoked') EXECUTE FUNCTION erase_recoverable_key();
CREATE TRIGGER key_version_ended_erases AFTER UPDATE OF state ON key_version FOR EACH ROW
  WHEN (NEW.state = 'ended') EXECUTE FUNCTION erase_recoverable_version();
