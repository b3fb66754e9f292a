-- Notices: what is told to others, to whom, and what became of it. See docs/decisions/0032-deliveries-are-their-own-jobs.md.

-- Secrets that the service must be able to read again, such as those of webhooks, are sealed by a key of their own.
ALTER TABLE keyring DROP CONSTRAINT keyring_purpose_check;
ALTER TABLE keyring ADD CONSTRAINT keyring_purpose_check CHECK (purpose IN ('pepper', 'tag', 'audit', 'seal'));

-- dispatched_at: when deliveries were made of it; null while none were. What was there before is told to nobody.
ALTER TABLE outbox_event ADD COLUMN dispatched_at timestamptz DEFAULT now();
ALTER TABLE outbox_event ALTER COLUMN dispatched_at DROP DEFAULT;
CREATE INDEX outbox_event_waiting ON outbox_event (created_at, id) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_event_account ON outbox_event (account_id, created_at, id);

-- account_id:     whose events it is told; null for those of the whole platform
-- url:            as it is shown; where it is a secret itself, without what makes it one, and the whole is sealed_url
-- events:         types of events, or '*' alone for all
-- secret:         sealed. former_secret signs as well until former_until
-- failing_since:  the first failure since the last success
CREATE TABLE webhook (
  id text PRIMARY KEY,
  account_id text REFERENCES account (id),
  url text NOT NULL,
  sealed_url bytea,
  format text NOT NULL CHECK (format IN ('standard', 'slack')),
  description text,
  events text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 100),
  secret bytea NOT NULL,
  former_secret bytea,
  former_until timestamptz,
  status text NOT NULL CHECK (status IN ('active', 'disabled')),
  disabled_reason text,
  disabled_at timestamptz,
  failing_since timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((status = 'disabled') = (disabled_at IS NOT NULL)),
  CHECK ((former_secret IS NULL) = (former_until IS NULL))
);
CREATE INDEX webhook_account ON webhook (account_id, id);

-- One thing to be told to one receiver; the row is the job, and afterwards the log.
-- event_id:  of outbox_event
-- due_at:    when it is next tried; while it is tried, when another node may try it
-- repeat:    0 for the delivery of the event, then 1 and more for each time it is sent again because somebody asked
-- attempts:  what came of each: at, status, error, ms
CREATE TABLE delivery (
  id text PRIMARY KEY,
  webhook_id text NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  account_id text,
  event_id text NOT NULL,
  event_type text NOT NULL,
  repeat integer NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  attempts jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX delivery_once ON delivery (webhook_id, event_id, repeat);
CREATE INDEX delivery_due ON delivery (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX delivery_oldest ON delivery (created_at) WHERE state = 'waiting';
CREATE INDEX delivery_event ON delivery (event_id) WHERE state = 'waiting';
CREATE INDEX delivery_log ON delivery (webhook_id, id);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['webhook', 'delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {{platform}}', t);
    EXECUTE format('GRANT SELECT ON %I TO {{app}}', t);
  END LOOP;
END $$;

GRANT UPDATE (dispatched_at) ON outbox_event TO {{platform}};
