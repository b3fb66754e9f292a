-- Bulk acts: one act on many keys, whose selection is frozen when it starts, and which any node goes on with.
-- See docs/decisions for how they are carried out in chunks.

-- kind and its terms; selection: what was asked for, as the audit trail has it. actor and source: who asked, for the trail of each key.
CREATE TABLE bulk_act (
  id text PRIMARY KEY,
  act jsonb NOT NULL,
  selection jsonb NOT NULL,
  actor jsonb NOT NULL,
  source jsonb NOT NULL,
  keys integer NOT NULL CHECK (keys >= 0),
  acted integer NOT NULL DEFAULT 0 CHECK (acted BETWEEN 0 AND keys),
  outcomes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX bulk_act_running ON bulk_act (created_at, id) WHERE finished_at IS NULL;
CREATE INDEX bulk_act_finished ON bulk_act (finished_at) WHERE finished_at IS NOT NULL;

-- The keys of an act in the order in which it takes them. outcome: null until it has.
CREATE TABLE bulk_act_key (
  bulk_act text NOT NULL REFERENCES bulk_act (id),
  place integer NOT NULL,
  key_id text NOT NULL,
  outcome text CHECK (outcome IN ('done', 'already', 'final', 'unknown')),
  PRIMARY KEY (bulk_act, place)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['bulk_act', 'bulk_act_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON bulk_act, bulk_act_key TO {{platform}};
GRANT UPDATE (acted, outcomes, updated_at, finished_at) ON bulk_act TO {{platform}};
GRANT UPDATE (outcome) ON bulk_act_key TO {{platform}};
GRANT DELETE ON bulk_act_key TO {{platform}};
