-- What people are told by mail, and of which expiries somebody was warned. See docs/decisions/0033-warnings-from-a-walk.md.

-- What a member does not want to be told, by kind; what is not here is told.
CREATE TABLE notice_preference (
  account_id text NOT NULL,
  member_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('expiry', 'ended', 'rotation', 'approval', 'budget')),
  mail boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (member_id, kind),
  FOREIGN KEY (account_id, member_id) REFERENCES member (account_id, id)
);

-- One mail to one member; the row is the job, and afterwards the log. While it was never tried, what comes for the member joins it.
-- due_at:    when it is next tried; while it is tried, when another node may try it
-- attempts:  what came of each: at, status, error, ms
CREATE TABLE mail (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  member_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  tries integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  attempts jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  FOREIGN KEY (account_id, member_id) REFERENCES member (account_id, id)
);
CREATE UNIQUE INDEX mail_gathering ON mail (member_id) WHERE state = 'waiting' AND tries = 0;
CREATE INDEX mail_due ON mail (due_at) WHERE state = 'waiting';
CREATE INDEX mail_account ON mail (account_id, id);
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at IS NOT NULL;

-- Events that a mail tells.
CREATE TABLE mail_event (
  mail_id text NOT NULL REFERENCES mail (id) ON DELETE CASCADE,
  account_id text NOT NULL,
  event_id text NOT NULL,
  PRIMARY KEY (event_id, mail_id)
);
CREATE INDEX mail_event_mail ON mail_event (mail_id);

-- Who was warned of which expiry, once each.
-- day:        of the policy: so many days before
-- recipient:  id of a member, or '*' for those who listen to events
-- mail_id:    the mail that tells it; null where an event does
CREATE TABLE expiry_warning (
  key_id text NOT NULL,
  version integer NOT NULL,
  expires_at timestamptz NOT NULL,
  day smallint NOT NULL,
  recipient text NOT NULL,
  account_id text NOT NULL,
  mail_id text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (key_id, version, expires_at, day, recipient)
);
CREATE INDEX expiry_warning_mail ON expiry_warning (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX expiry_warning_over ON expiry_warning (expires_at);

-- How far the walk over keys that will expire has come.
CREATE TABLE expiry_walk (
  alone boolean PRIMARY KEY CHECK (alone),
  began_at timestamptz NOT NULL,
  after_at timestamptz,
  after_id text,
  ended_at timestamptz
);
INSERT INTO expiry_walk (alone, began_at, ended_at) VALUES (true, 'epoch', 'epoch');

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['notice_preference', 'mail', 'mail_event', 'expiry_warning', 'expiry_walk'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {{platform}}', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['notice_preference', 'mail', 'mail_event', 'expiry_warning'] LOOP
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
    EXECUTE format('GRANT SELECT ON %I TO {{app}}', t);
  END LOOP;
END $$;
