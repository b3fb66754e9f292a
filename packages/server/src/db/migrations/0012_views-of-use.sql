-- Views of where keys were used from, and of how much. See docs/decisions/0023-views-from-narrow-rows.md.

-- browser:   a browser sent it at least once
-- services:  how many services used it
ALTER TABLE key_activity
  ADD COLUMN browser boolean NOT NULL DEFAULT false,
  ADD COLUMN services integer NOT NULL DEFAULT 0;
CREATE INDEX key_activity_browser ON key_activity (key_id) INCLUDE (live_until) WHERE browser;
CREATE INDEX key_activity_services ON key_activity (key_id) INCLUDE (live_until) WHERE services > 1;

-- Days on which a key was used much: of few keys, so that a question about busy keys looks at few rows.
CREATE INDEX key_use_day_busy ON key_use_day (day, key_id) INCLUDE (requests) WHERE requests > 1000;

CREATE FUNCTION note_sources() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  affected text[];
BEGIN
  SELECT array_agg(DISTINCT n.key_id ORDER BY n.key_id) INTO affected FROM noted n WHERE n.kind IN ('browser', 'service');
  IF affected IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM FROM key_activity WHERE key_id = ANY (affected) ORDER BY key_id FOR UPDATE;
  -- A statement of its own, which sees what others committed while the rows were waited for.
  UPDATE key_activity a SET browser = s.browser, services = s.services
    FROM (SELECT key_id, bool_or(kind = 'browser') AS browser, count(*) FILTER (WHERE kind = 'service')::int AS services
      FROM key_source WHERE key_id = ANY (affected) AND kind IN ('browser', 'service') GROUP BY key_id) s
    WHERE a.key_id = s.key_id AND (a.browser, a.services) IS DISTINCT FROM (s.browser, s.services);
  RETURN NULL;
END $$;
CREATE TRIGGER key_source_noted AFTER INSERT ON key_source REFERENCING NEW TABLE AS noted
  FOR EACH STATEMENT EXECUTE FUNCTION note_sources();

-- Writes them anew, of all rows, after rebuild_activity.
CREATE FUNCTION rebuild_sources() RETURNS void LANGUAGE sql SET search_path = claviger, pg_temp AS $$
  UPDATE key_activity a SET browser = s.browser, services = s.services
    FROM (SELECT key_id, bool_or(kind = 'browser') AS browser, count(*) FILTER (WHERE kind = 'service')::int AS services
      FROM key_source WHERE kind IN ('browser', 'service') GROUP BY key_id) s
    WHERE a.key_id = s.key_id
$$;

ALTER TABLE key_source NO FORCE ROW LEVEL SECURITY;
ALTER TABLE key_activity NO FORCE ROW LEVEL SECURITY;
SELECT rebuild_sources();
ALTER TABLE key_source FORCE ROW LEVEL SECURITY;
ALTER TABLE key_activity FORCE ROW LEVEL SECURITY;
