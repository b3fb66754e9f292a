-- Metering: what each key was used, by month, for billing; and budgets of it. See docs/decisions/0024-metering-in-months-that-close.md.

-- A row for each month that is closed, from the one before metering began. Months close in order, so the newest row says all.
-- closed_at:  null for the month before metering began
-- accepted:   and the others: sums of what was metered, told once it is closed and cannot change any more
CREATE TABLE metering_period (
  period date PRIMARY KEY CHECK (period = date_trunc('month', period::timestamp)),
  closed_at timestamptz CHECK (closed_at >= ((period + interval '1 month') AT TIME ZONE 'UTC') + interval '48 hours'),
  accepted bigint,
  refused bigint,
  cost bigint,
  rows bigint
);
INSERT INTO metering_period (period) VALUES ((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date);

-- period:    the month in which it is billed, by its first day
-- happened:  the month in which it happened; an earlier one where it came after that one had closed
-- counted:   the month of usage_day in which it is counted, so that both can be compared
-- plan:      the plan of the account when it was counted; '' for none
-- cost:      of accepted requests
CREATE TABLE metering (
  period date NOT NULL,
  key_id text NOT NULL,
  plan text NOT NULL,
  happened date NOT NULL,
  counted date NOT NULL,
  account_id text NOT NULL,
  environment text NOT NULL,
  accepted bigint NOT NULL,
  refused bigint NOT NULL,
  cost bigint NOT NULL,
  PRIMARY KEY (period, key_id, plan, happened, counted),
  CHECK (happened <= period)
) WITH (fillfactor = 70);
CREATE INDEX metering_account ON metering (period, account_id, key_id, plan);

-- subject: the account or the key that it is for
CREATE TABLE budget (
  subject text NOT NULL,
  measure text NOT NULL CHECK (measure IN ('requests', 'cost')),
  account_id text NOT NULL,
  key_id text,
  amount bigint NOT NULL CHECK (amount > 0),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (subject, measure)
);
CREATE INDEX budget_account ON budget (account_id);
CREATE TABLE budget_crossing (
  subject text NOT NULL,
  measure text NOT NULL,
  period date NOT NULL,
  percent smallint NOT NULL CHECK (percent IN (50, 80, 100)),
  account_id text NOT NULL,
  at timestamptz NOT NULL,
  amount bigint NOT NULL,
  spent bigint NOT NULL,
  PRIMARY KEY (subject, measure, period, percent),
  FOREIGN KEY (subject, measure) REFERENCES budget ON DELETE CASCADE
);
-- Accounts and keys with budgets that were used since budgets were last looked at. Rows are only added by who writes uses, and
-- only deleted by who looks, so that neither waits for the other.
CREATE SEQUENCE budget_due_id CACHE 100;
CREATE TABLE budget_due (
  id bigint PRIMARY KEY DEFAULT nextval('budget_due_id'),
  subject text NOT NULL
);

-- Closing. Whoever adds to metering shares a lock; whoever closes a month has it alone. So no month gets anything once it is closed.
CREATE FUNCTION hold_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7164011);
  RETURN NULL;
END $$;
CREATE FUNCTION refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched t WHERE t.period <= (SELECT max(p.period) FROM metering_period p)) THEN
    RAISE EXCEPTION 'what was metered for a closed month does not change' USING ERRCODE = 'CV004';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION refuse_closed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT period FROM before_it UNION ALL SELECT period FROM after_it) t
      WHERE t.period <= (SELECT max(p.period) FROM metering_period p)) THEN
    RAISE EXCEPTION 'what was metered for a closed month does not change' USING ERRCODE = 'CV004';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER metering_holds BEFORE INSERT OR UPDATE OR DELETE ON metering FOR EACH STATEMENT EXECUTE FUNCTION hold_periods();
CREATE TRIGGER metering_added AFTER INSERT ON metering REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed();
CREATE TRIGGER metering_changed AFTER UPDATE ON metering REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_change();
CREATE TRIGGER metering_removed AFTER DELETE ON metering REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed();
CREATE TRIGGER metering_no_truncate BEFORE TRUNCATE ON metering FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

-- The clock of the node that closes is not enough: one that runs ahead would close a month that goes on.
CREATE FUNCTION close_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7164011);
  IF NEW.period IS DISTINCT FROM (SELECT (max(p.period) + interval '1 month')::date FROM metering_period p) THEN
    RAISE EXCEPTION 'months close one after the other, each once' USING ERRCODE = 'CV005';
  END IF;
  IF NEW.closed_at IS NULL OR now() < ((NEW.period + interval '1 month') AT TIME ZONE 'UTC') + interval '48 hours' THEN
    RAISE EXCEPTION 'a month closes 48 hours after its end at the earliest' USING ERRCODE = 'CV005';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION tell_sums_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.rows IS NOT NULL OR (NEW.period, NEW.closed_at) IS DISTINCT FROM (OLD.period, OLD.closed_at) THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CV002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER metering_period_in_order BEFORE INSERT ON metering_period FOR EACH ROW EXECUTE FUNCTION close_in_order();
CREATE TRIGGER metering_period_sums BEFORE UPDATE ON metering_period FOR EACH ROW EXECUTE FUNCTION tell_sums_once();
CREATE TRIGGER metering_period_append_only BEFORE DELETE ON metering_period FOR EACH ROW EXECUTE FUNCTION refuse_edit();
CREATE TRIGGER metering_period_no_truncate BEFORE TRUNCATE ON metering_period FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

-- After a restore: rows and months are copied at different moments, and a month that closed between them is open again, as it was
-- when its rows were copied. So is all that closed after it.
CREATE FUNCTION reopen_periods() RETURNS void LANGUAGE sql SET search_path = claviger, pg_temp AS $$
  DELETE FROM metering_period WHERE period >= (
    SELECT min(p.period) FROM metering_period p
    LEFT JOIN LATERAL (SELECT coalesce(sum(m.accepted), 0) AS accepted, coalesce(sum(m.refused), 0) AS refused, coalesce(sum(m.cost), 0) AS cost,
      count(*) AS rows FROM metering m WHERE m.period = p.period) s ON true
    WHERE p.closed_at IS NOT NULL AND (p.accepted, p.refused, p.cost, p.rows) IS DISTINCT FROM (s.accepted, s.refused, s.cost, s.rows))
$$;

-- Nodes of the version before know nothing of this, and count on beside new ones. What they count is metered here, in the month of
-- its day; a node that meters says so, and this is left out.
CREATE FUNCTION meter_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  month date := date_trunc('month', NEW.starts_at AT TIME ZONE 'UTC')::date;
  requests bigint := NEW.requests - coalesce(OLD.requests, 0);
BEGIN
  INSERT INTO metering AS m (period, key_id, plan, happened, counted, account_id, environment, accepted, refused, cost)
    SELECT greatest(month, (SELECT (max(p.period) + interval '1 month')::date FROM metering_period p)), NEW.key_id,
      coalesce((SELECT a.plan FROM account a WHERE a.id = NEW.account_id), ''), month, month, NEW.account_id, NEW.environment,
      CASE WHEN NEW.code = 'VALID' THEN requests ELSE 0 END, CASE WHEN NEW.code = 'VALID' THEN 0 ELSE requests END,
      CASE WHEN NEW.code = 'VALID' THEN NEW.cost - coalesce(OLD.cost, 0) ELSE 0 END
    ON CONFLICT (period, key_id, plan, happened, counted) DO UPDATE SET
      accepted = m.accepted + excluded.accepted, refused = m.refused + excluded.refused, cost = m.cost + excluded.cost;
  RETURN NULL;
END $$;
CREATE TRIGGER usage_day_metered AFTER INSERT ON usage_day FOR EACH ROW
  WHEN (current_setting('claviger.metered', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION meter_day();
CREATE TRIGGER usage_day_metered_more AFTER UPDATE ON usage_day FOR EACH ROW
  WHEN (current_setting('claviger.metered', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION meter_day();

-- The month in which metering begins is metered from its beginning.
ALTER TABLE usage_day NO FORCE ROW LEVEL SECURITY;
ALTER TABLE account NO FORCE ROW LEVEL SECURITY;
INSERT INTO metering (period, key_id, plan, happened, counted, account_id, environment, accepted, refused, cost)
  SELECT b.began, d.key_id, coalesce(min(a.plan), ''), b.began, b.began, min(d.account_id), min(d.environment),
    coalesce(sum(d.requests) FILTER (WHERE d.code = 'VALID'), 0), coalesce(sum(d.requests) FILTER (WHERE d.code <> 'VALID'), 0),
    coalesce(sum(d.cost) FILTER (WHERE d.code = 'VALID'), 0)
  FROM (SELECT (period + interval '1 month')::date AS began FROM metering_period) b
  JOIN usage_day d ON d.starts_at >= b.began::timestamp AT TIME ZONE 'UTC'
  LEFT JOIN account a ON a.id = d.account_id
  GROUP BY b.began, d.key_id ORDER BY d.key_id;
ALTER TABLE usage_day FORCE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['metering', 'budget', 'budget_crossing', 'budget_due'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['metering', 'budget', 'budget_crossing'] LOOP
    EXECUTE format('CREATE POLICY account ON %I FOR SELECT TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
    EXECUTE format('GRANT SELECT ON %I TO {{app}}', t);
  END LOOP;
END $$;

GRANT SELECT ON metering_period TO {{platform}}, {{app}};
GRANT INSERT, UPDATE (accepted, refused, cost, rows) ON metering_period TO {{platform}};
GRANT SELECT, INSERT, UPDATE (accepted, refused, cost) ON metering TO {{platform}};
GRANT SELECT, INSERT, UPDATE, DELETE ON budget TO {{platform}};
GRANT SELECT, INSERT ON budget_crossing TO {{platform}};
GRANT SELECT, INSERT, DELETE ON budget_due TO {{platform}};
GRANT USAGE ON SEQUENCE budget_due_id TO {{platform}};
