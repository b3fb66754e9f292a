-- Closing accounts; see docs/decisions/0041-erased-under-a-whole-chain.md.

-- closed_at: for good; it is suspended as well. erase_at: what is known of its people is erased then, and erased_at says that it was.
ALTER TABLE account
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN erase_at timestamptz CHECK (isfinite(erase_at)),
  ADD COLUMN erased_at timestamptz,
  ADD COLUMN closing_act text,
  ADD CONSTRAINT account_closed_is_stopped CHECK (closed_at IS NULL OR status = 'suspended'),
  ADD CONSTRAINT account_closed_is_erased CHECK ((closed_at IS NULL) = (erase_at IS NULL) AND (closed_at IS NOT NULL OR erased_at IS NULL));
CREATE INDEX account_to_erase ON account (erase_at) WHERE erase_at IS NOT NULL AND erased_at IS NULL;
ALTER TABLE api_key ADD COLUMN erased_at timestamptz;

GRANT DELETE ON usage_event, usage_facet_hour, usage_facet_day TO {{platform}};
GRANT UPDATE (payload) ON outbox_event TO {{platform}};

-- Audit events whose text is gone. Nothing but this function changes one, only once, and only of an account whose time has come (clocks of nodes
-- may differ from the database's); the tag vouches for the hash.
ALTER TABLE audit_event ADD COLUMN erased bytea CHECK (octet_length(erased) = 32);
CREATE FUNCTION refuse_audit_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('claviger.erasing', true) = 'yes' THEN
    IF OLD.erased IS NULL AND NEW.erased IS NOT NULL
      AND (NEW.seq, NEW.id, NEW.at, NEW.action, NEW.account_id, NEW.actor_id, NEW.target_type, NEW.target_id, NEW.key_version, NEW.hash)
        IS NOT DISTINCT FROM
        (OLD.seq, OLD.id, OLD.at, OLD.action, OLD.account_id, OLD.actor_id, OLD.target_type, OLD.target_id, OLD.key_version, OLD.hash) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CV002';
END $$;
CREATE OR REPLACE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_edit();

CREATE FUNCTION erase_audit_events(seqs bigint[], payloads text[], tags bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = claviger, pg_temp AS $$
DECLARE
  written integer;
BEGIN
  IF reach() IS DISTINCT FROM 'platform' THEN
    RAISE EXCEPTION 'only the platform erases' USING ERRCODE = 'CV003';
  END IF;
  PERFORM set_config('claviger.erasing', 'yes', true);
  UPDATE audit_event e SET payload = g.payload, erased = g.tag
    FROM unnest(seqs, payloads, tags) AS g (seq, payload, tag) WHERE e.seq = g.seq
    AND EXISTS (SELECT FROM account a WHERE a.id = e.account_id AND a.erase_at <= now() + interval '10 minutes');
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM set_config('claviger.erasing', 'no', true);
  IF written <> cardinality(seqs) THEN
    RAISE EXCEPTION 'of % events % were there', cardinality(seqs), written USING ERRCODE = 'CV003';
  END IF;
END $$;
REVOKE ALL ON FUNCTION erase_audit_events(bigint[], text[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_audit_events(bigint[], text[], bytea[]) TO {{platform}};
CREATE POLICY erasing ON account FOR SELECT TO CURRENT_USER USING (current_setting('claviger.erasing', true) = 'yes');
CREATE POLICY erasing ON audit_event TO CURRENT_USER
  USING (current_setting('claviger.erasing', true) = 'yes') WITH CHECK (current_setting('claviger.erasing', true) = 'yes');
