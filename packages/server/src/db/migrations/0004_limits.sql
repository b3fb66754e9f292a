-- Limits: who holds which share of a sliding window, and what has been taken of calendar quotas and lifetimes.

-- A process that holds shares. Its token changes with each renewal; one that has ended never renews again, and its shares
-- are taken over by others as spent.
CREATE TABLE limit_holder (
  id uuid PRIMARY KEY,
  token uuid NOT NULL,
  term_ms integer NOT NULL CHECK (term_ms > 0),
  -- The holder's own monotonic clock at its last renewal, in milliseconds; compared with limit_share.noted_at alone.
  renewed_at double precision NOT NULL,
  ended boolean NOT NULL DEFAULT false
);

-- Amounts recorded for one counter add up to no more than the amount of its limit.
CREATE TABLE limit_share (
  counter text NOT NULL,
  holder uuid NOT NULL,
  window_ms integer NOT NULL CHECK (window_ms > 0),
  amount bigint NOT NULL CHECK (amount >= 0),
  -- The limit's amount under which the share was given.
  ceiling bigint NOT NULL CHECK (ceiling > 0),
  -- What the holder needed last and did not get.
  unmet bigint NOT NULL CHECK (unmet >= 0),
  -- [[age in milliseconds, units], …] as of noted_at on the holder's monotonic clock.
  journal jsonb NOT NULL,
  noted_at double precision NOT NULL,
  PRIMARY KEY (counter, holder)
) WITH (fillfactor = 70);
CREATE INDEX limit_share_holder ON limit_share (holder);
CREATE INDEX limit_share_unmet ON limit_share (counter) WHERE unmet > 0;

-- `taken` includes what is held in blocks. `period` is the number of the UTC day or month, 0 for a lifetime.
CREATE TABLE limit_quota (
  counter text NOT NULL,
  period bigint NOT NULL,
  taken bigint NOT NULL CHECK (taken >= 0),
  refill_every text CHECK (refill_every IN ('day', 'month')),
  refilled_to bigint,
  forget_at timestamptz,
  PRIMARY KEY (counter, period),
  CHECK ((refill_every IS NULL) = (refilled_to IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX limit_quota_forget ON limit_quota (forget_at) WHERE forget_at IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['limit_holder', 'limit_share', 'limit_quota'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING (reach() = ''platform'') WITH CHECK (reach() = ''platform'')', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON limit_holder, limit_share, limit_quota TO {{platform}};
