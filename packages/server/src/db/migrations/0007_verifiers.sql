-- Verifiers in other processes: what their nodes answer for, and which batches of uses were counted.

-- verifiers:    those that hold a lease from this node, as of its acknowledgement
-- vouched_seq:  as acked_seq, counting also those that were allowed to go on without a lease; read where max_stale_ms is not 0
-- lends:        set before the first lease is lent, and never taken back
ALTER TABLE node
  ADD COLUMN verifiers integer NOT NULL DEFAULT 0 CHECK (verifiers >= 0),
  ADD COLUMN vouched_seq bigint NOT NULL DEFAULT 0,
  ADD COLUMN lends boolean NOT NULL DEFAULT false;

-- A batch that is here was counted, in the same transaction. A verifier sends it until it hears so, to any node.
CREATE TABLE usage_batch (
  credential text NOT NULL,
  batch text NOT NULL,
  counted_at timestamptz NOT NULL,
  PRIMARY KEY (credential, batch)
);
CREATE INDEX usage_batch_counted ON usage_batch (counted_at);

ALTER TABLE usage_batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_batch FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON usage_batch TO {{platform}} USING (reach() = 'platform') WITH CHECK (reach() = 'platform');

GRANT SELECT, INSERT, DELETE ON usage_batch TO {{platform}};
