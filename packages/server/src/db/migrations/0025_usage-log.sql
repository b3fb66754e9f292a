-- Groups of uses that are acknowledged, with their raw events, and not counted yet. See docs/decisions/0034-usage-by-way-of-a-log.md.

-- format:         how `packed` is to be read; a node leaves alone what it does not know
-- cells:          how many are in it
-- claimed_by:     who counts it, until `claimed_until`; by then it is counted, or that one has gone away
-- set_aside_at:   when it turned out that it cannot be counted; it keeps no other from being counted
CREATE SEQUENCE usage_log_id;
CREATE TABLE usage_log (
  id bigint PRIMARY KEY DEFAULT nextval('usage_log_id'),
  logged_at timestamptz NOT NULL DEFAULT now(),
  claimed_by text NOT NULL DEFAULT '',
  claimed_until timestamptz NOT NULL DEFAULT '-infinity',
  set_aside_at timestamptz,
  format smallint NOT NULL,
  cells integer NOT NULL,
  packed bytea NOT NULL
) WITH (fillfactor = 70);
-- It is compressed already.
ALTER TABLE usage_log ALTER COLUMN packed SET STORAGE EXTERNAL;
-- It is as empty as it is full, some times a minute.
ALTER TABLE usage_log SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000);

ALTER TABLE usage_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_log FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON usage_log TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_log TO {{platform}};
GRANT USAGE ON SEQUENCE usage_log_id TO {{platform}};
