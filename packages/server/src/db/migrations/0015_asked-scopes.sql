-- What was asked for by name is counted beside where a key came from: method and scopes, as modules/traffic writes them.
-- In the order in which writers of uses take them.
LOCK TABLE usage_facet_hour, usage_facet_day, key_source IN ACCESS EXCLUSIVE MODE;

DO $$
DECLARE
  c record;
BEGIN
  -- Tables first: partitions keep a constraint of their own, because they were made before they were attached.
  FOR c IN SELECT conrelid::regclass AS name, conname FROM pg_constraint JOIN pg_class r ON r.oid = conrelid
      WHERE connamespace = 'claviger'::regnamespace AND contype = 'c' AND conname LIKE '%_kind_check'
        AND relname ~ '^(usage_facet_hour|usage_facet_day|key_source)' ORDER BY relispartition, conrelid LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', c.name, c.conname);
  END LOOP;
END $$;

-- Whatever is in the tables met a narrower one.
ALTER TABLE usage_facet_hour ADD CONSTRAINT usage_facet_hour_kind_check
  CHECK (kind IN ('network', 'country', 'agent', 'service', 'browser', 'scopes')) NOT VALID;
ALTER TABLE usage_facet_day ADD CONSTRAINT usage_facet_day_kind_check
  CHECK (kind IN ('network', 'country', 'agent', 'service', 'browser', 'scopes')) NOT VALID;
ALTER TABLE key_source ADD CONSTRAINT key_source_kind_check
  CHECK (kind IN ('network', 'country', 'agent', 'service', 'browser', 'scopes')) NOT VALID;
