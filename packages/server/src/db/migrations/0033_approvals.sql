-- Approvals: what policy lets nobody do alone waits here for somebody else.

-- A key that waits is there with everything but a version. It becomes the customer's when it is claimed.
ALTER TABLE api_key DROP CONSTRAINT api_key_kind_check;
ALTER TABLE api_key ADD CONSTRAINT api_key_kind_check CHECK (kind IN ('customer', 'management', 'requested')) NOT VALID;
ALTER TABLE api_key VALIDATE CONSTRAINT api_key_kind_check;
CREATE INDEX api_key_requested ON api_key (created_at, id) WHERE kind = 'requested';

-- What is kept of customers' keys begins with that, as if the key had been made then.
CREATE FUNCTION note_issued_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO grant_set VALUES (NEW.grant_set, NEW.tier, NEW.scopes) ON CONFLICT (id) DO NOTHING;
  INSERT INTO key_activity VALUES (NEW.id, NEW.account_id, NEW.created_at, NEW.expires_or_never, NEW.expires_or_never, '-infinity', '-infinity')
    ON CONFLICT (key_id) DO NOTHING;
  INSERT INTO account_activity AS a VALUES (NEW.account_id, 1, '-infinity')
    ON CONFLICT (account_id) DO UPDATE SET unrevoked = a.unrevoked + 1;
  UPDATE account_activity a SET over_ten_until = eleventh_expiry(a.account_id) WHERE a.unrevoked > 10 AND a.account_id = NEW.account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER api_key_issued AFTER UPDATE OF kind ON api_key FOR EACH ROW
  WHEN (OLD.kind = 'requested' AND NEW.kind = 'customer') EXECUTE FUNCTION note_issued_key();

-- input: what is carried out once it is approved. change: field by field what is and what would be. asked_for, decided_for: a member in
-- whose name a management key asked or decided.
CREATE TABLE approval (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  kind text NOT NULL CHECK (kind IN ('create', 'update')),
  key_id text NOT NULL,
  environment text NOT NULL,
  label text NOT NULL,
  approver text NOT NULL CHECK (approver IN ('account', 'staff')),
  phase text NOT NULL CHECK (phase IN ('requested', 'approved', 'done', 'denied', 'cancelled', 'expired')),
  input jsonb NOT NULL,
  change jsonb NOT NULL,
  asked_by text NOT NULL,
  asked_for text,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  decided_by text,
  decided_for text,
  decided_at timestamptz,
  comment text,
  ended_at timestamptz,
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((ended_at IS NULL) = (phase IN ('requested', 'approved')))
);
CREATE INDEX approval_account ON approval (account_id, id);
CREATE INDEX approval_key ON approval (key_id, id);
CREATE INDEX approval_open ON approval (due_at) WHERE phase IN ('requested', 'approved');

ALTER TABLE approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE approval FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON approval TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT ON approval TO {{platform}};
GRANT UPDATE (phase, due_at, decided_by, decided_for, decided_at, comment, ended_at) ON approval TO {{platform}};
