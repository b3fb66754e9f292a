-- Usage: every verification of a genuine key as a row of its own while it is young, and exact counts of all of them for longer.
-- See docs/decisions/0022-usage-in-cells.md. Texts that are not told are '' in counts; '*' stands for all beyond a bound.

-- One verification, or `stands_for` of them that have everything but time, request, status and duration in common.
-- Written by COPY straight into the partition of its day: PostgreSQL takes no COPY into a table with row-level security. Nobody
-- has any right on a partition but the platform role, and that one to add rows; all reading goes through this table and its policies.
CREATE SEQUENCE usage_event_id CACHE 1000;
CREATE TABLE usage_event (
  id bigint NOT NULL DEFAULT nextval('usage_event_id'),
  at timestamptz NOT NULL,
  cost bigint NOT NULL,
  stands_for bigint NOT NULL CHECK (stands_for > 0),
  version integer NOT NULL,
  duration_ms real,
  status smallint,
  browser boolean NOT NULL,
  key_id text NOT NULL,
  account_id text NOT NULL,
  environment text NOT NULL,
  code text NOT NULL,
  method text,
  -- The template of the route map, or the path as it was folded.
  route text,
  mapped boolean NOT NULL,
  ip inet,
  country text,
  agent text,
  service text,
  request_id text
) PARTITION BY RANGE (at);
CREATE INDEX usage_event_key ON usage_event (key_id, at);
CREATE INDEX usage_event_at ON usage_event (at);

-- What each key did, by hour and by UTC day; starts_at is their first moment.
CREATE TABLE usage_hour (
  key_id text NOT NULL,
  starts_at timestamptz NOT NULL,
  route text NOT NULL,
  mapped boolean NOT NULL,
  method text NOT NULL,
  code text NOT NULL,
  account_id text NOT NULL,
  environment text NOT NULL,
  requests bigint NOT NULL,
  cost bigint NOT NULL,
  status_2xx bigint NOT NULL,
  status_3xx bigint NOT NULL,
  status_4xx bigint NOT NULL,
  status_5xx bigint NOT NULL,
  durations bigint NOT NULL,
  duration_ms double precision NOT NULL,
  duration_max_ms double precision NOT NULL,
  PRIMARY KEY (key_id, starts_at, route, mapped, method, code)
) PARTITION BY RANGE (starts_at);
CREATE TABLE usage_day (LIKE usage_hour INCLUDING ALL) PARTITION BY RANGE (starts_at);
CREATE INDEX usage_hour_at ON usage_hour (starts_at, account_id);
CREATE INDEX usage_day_account ON usage_day (account_id, starts_at);
CREATE INDEX usage_day_route ON usage_day (route, environment, key_id);

-- Where each key came from. `browser` has the one value 'yes', where a browser sent it.
CREATE TABLE usage_facet_hour (
  key_id text NOT NULL,
  starts_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('network', 'country', 'agent', 'service', 'browser')),
  value text NOT NULL,
  account_id text NOT NULL,
  accepted bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (key_id, starts_at, kind, value)
) PARTITION BY RANGE (starts_at);
CREATE TABLE usage_facet_day (LIKE usage_facet_hour INCLUDING ALL) PARTITION BY RANGE (starts_at);

-- The same without time; the least recently seen beyond a bound are folded into '*'.
CREATE TABLE key_source (
  key_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('network', 'country', 'agent', 'service', 'browser')),
  value text NOT NULL,
  account_id text NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  accepted bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (key_id, kind, value)
) WITH (fillfactor = 80);
CREATE INDEX key_source_exposed ON key_source (kind, key_id) WHERE kind IN ('browser', 'service');

-- What became of each version, and when it did first and last.
CREATE TABLE key_outcome (
  key_id text NOT NULL,
  version integer NOT NULL,
  code text NOT NULL,
  account_id text NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  requests bigint NOT NULL,
  cost bigint NOT NULL,
  PRIMARY KEY (key_id, version, code)
) WITH (fillfactor = 70);

-- What was called, with or without a scope that names it.
CREATE TABLE endpoint (
  environment text NOT NULL,
  template text NOT NULL,
  mapped boolean NOT NULL,
  method text NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  accepted bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (environment, template, mapped, method)
) WITH (fillfactor = 70);

-- What presented no genuine key.
CREATE TABLE stranger_hour (
  starts_at timestamptz NOT NULL,
  network text NOT NULL,
  code text NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (starts_at, network, code)
) PARTITION BY RANGE (starts_at);

-- All keys together.
CREATE TABLE usage_total (
  starts_at timestamptz NOT NULL,
  environment text NOT NULL,
  code text NOT NULL,
  requests bigint NOT NULL,
  cost bigint NOT NULL,
  PRIMARY KEY (starts_at, environment, code)
) PARTITION BY RANGE (starts_at);

-- Makes room for the rows of one UTC day: the partition of raw events of that day, and those of counts of its month. A node may
-- make no tables; it may ask for these, for days that are not far off. Attached and not made in place, so that readers go on.
CREATE FUNCTION make_usage_partitions(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = claviger, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' AS $$
DECLARE
  parent text;
  part text;
  low date;
  high date;
BEGIN
  IF day NOT BETWEEN current_date - 800 AND current_date + 40 THEN
    RAISE EXCEPTION 'no usage is kept for %', day USING ERRCODE = 'CV003';
  END IF;
  PERFORM pg_advisory_xact_lock(7164010);
  FOREACH parent IN ARRAY ARRAY['usage_event', 'usage_hour', 'usage_day', 'usage_facet_hour', 'usage_facet_day', 'stranger_hour', 'usage_total'] LOOP
    IF parent = 'usage_event' THEN
      low := day; high := day + 1; part := parent || to_char(day, '"_"YYYYMMDD');
    ELSE
      low := date_trunc('month', day)::date; high := (low + interval '1 month')::date; part := parent || to_char(day, '"_"YYYYMM');
    END IF;
    CONTINUE WHEN to_regclass(format('claviger.%I', part)) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
    IF parent = 'usage_event' THEN
      EXECUTE format('GRANT INSERT ON %I TO {{platform}}', part);
    ELSE
      EXECUTE format('ALTER TABLE %I SET (fillfactor = 70)', part);
    END IF;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low::timestamptz, high::timestamptz);
  END LOOP;
END $$;

-- Drops one partition that ends before its time, the oldest first, and returns its name; null where there is none. One at a time,
-- because for a moment nobody else may use the table: it waits for that no longer than half a second.
CREATE FUNCTION drop_usage_partition(events_before date, counts_before date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = claviger, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET lock_timeout = '500ms' AS $$
DECLARE
  part text;
BEGIN
  SELECT c.relname INTO part
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_class p ON p.oid = i.inhparent AND p.relnamespace = 'claviger'::regnamespace
  CROSS JOIN LATERAL (SELECT (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz AS ends_at) b
  WHERE (p.relname = 'usage_event' AND b.ends_at <= least(events_before, current_date))
    OR (p.relname IN ('usage_hour', 'usage_day', 'usage_facet_hour', 'usage_facet_day', 'stranger_hour', 'usage_total')
      AND b.ends_at <= least(counts_before, current_date))
  ORDER BY b.ends_at, c.relname LIMIT 1;
  IF part IS NOT NULL THEN
    EXECUTE format('DROP TABLE %I', part);
  END IF;
  RETURN part;
END $$;

REVOKE ALL ON FUNCTION make_usage_partitions(date) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_usage_partition(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_usage_partitions(date), drop_usage_partition(date, date) TO {{platform}};

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['usage_event', 'usage_hour', 'usage_day', 'usage_facet_hour', 'usage_facet_day', 'key_source', 'key_outcome', 'endpoint', 'stranger_hour', 'usage_total'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['usage_event', 'usage_hour', 'usage_day', 'usage_facet_hour', 'usage_facet_day', 'key_source', 'key_outcome'] LOOP
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
    EXECUTE format('GRANT SELECT ON %I TO {{app}}', t);
  END LOOP;
END $$;

GRANT USAGE ON SEQUENCE usage_event_id TO {{platform}};
GRANT SELECT ON usage_event TO {{platform}};
GRANT SELECT, INSERT, UPDATE ON usage_hour, usage_day, usage_facet_hour, usage_facet_day, key_outcome, endpoint, stranger_hour, usage_total TO {{platform}};
GRANT SELECT, INSERT, UPDATE, DELETE ON key_source TO {{platform}};

SELECT make_usage_partitions((now() AT TIME ZONE 'UTC')::date), make_usage_partitions((now() AT TIME ZONE 'UTC')::date + 1);
