-- Search of keys by the words that people know of them, at any number of keys. See docs/decisions/0035-search-by-words.md.

-- Nobody makes or renames anything while what there is already is split into words.
LOCK TABLE account, member, service, api_key IN SHARE ROW EXCLUSIVE MODE;

-- The words of a text, small. What parts them is named by code points, so that it is the same under every locale: all ASCII and Latin-1
-- characters that are neither letters nor digits, and the general and CJK punctuation. An apostrophe or a backslash is in no word.
CREATE FUNCTION words_of(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_remove(regexp_split_to_array(lower(t), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u303f]+'), '');

-- Who has all these words, the last of which may be the beginning of one; null where the text has none.
CREATE FUNCTION words_sought(t text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT (nullif('''' || array_to_string(w.words, ''' & ''') || ''':*', ''''':*'))::tsquery FROM (SELECT words_of(t) AS words) w);

-- What the transaction looks for.
CREATE FUNCTION sought() RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('claviger.sought', true), '')::tsquery;

-- The words of each key's label, purpose and team; and those of the names, ids and addresses of accounts, members and services.
CREATE TABLE key_words (
  key_id text PRIMARY KEY,
  account_id text NOT NULL,
  words tsvector NOT NULL
);
CREATE TABLE name_words (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  words tsvector NOT NULL
);

CREATE FUNCTION key_text(label text, purpose text, owner_team text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_to_tsvector(words_of(label || ' ' || coalesce(purpose, '') || coalesce(' team:' || owner_team, '')));
CREATE FUNCTION name_text(name text, external_id text, email text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_to_tsvector(words_of(name || ' ' || coalesce(external_id, '') || ' ' || coalesce(email, '')));

-- Triggers write them in the transaction of the change. A row is seen only by who seeks what it has (below), so what changes one seeks all.
CREATE FUNCTION note_made_words() RETURNS trigger LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
BEGIN
  INSERT INTO key_words SELECT m.id, m.account_id, key_text(m.label, m.purpose, m.owner_team) FROM made m;
  RETURN NULL;
END $$;
CREATE FUNCTION note_changed_words() RETURNS trigger LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
DECLARE
  before text := coalesce(current_setting('claviger.sought', true), '');
BEGIN
  PERFORM set_config('claviger.sought', $s$!' '$s$, true);
  UPDATE key_words SET words = key_text(NEW.label, NEW.purpose, NEW.owner_team) WHERE key_id = NEW.id;
  PERFORM set_config('claviger.sought', before, true);
  RETURN NULL;
END $$;
CREATE FUNCTION note_names() RETURNS trigger LANGUAGE plpgsql SET search_path = claviger, pg_temp AS $$
DECLARE
  named jsonb := to_jsonb(NEW);
  text_words tsvector := name_text(NEW.name, NEW.external_id, named ->> 'email');
  before text := coalesce(current_setting('claviger.sought', true), '');
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO name_words VALUES (NEW.id, coalesce(named ->> 'account_id', NEW.id), text_words);
    RETURN NULL;
  END IF;
  PERFORM set_config('claviger.sought', $s$!' '$s$, true);
  UPDATE name_words SET words = text_words WHERE id = NEW.id;
  PERFORM set_config('claviger.sought', before, true);
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_made_words AFTER INSERT ON api_key REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION note_made_words();
CREATE TRIGGER api_key_changed_words AFTER UPDATE ON api_key FOR EACH ROW
  WHEN ((NEW.label, NEW.purpose, NEW.owner_team) IS DISTINCT FROM (OLD.label, OLD.purpose, OLD.owner_team))
  EXECUTE FUNCTION note_changed_words();
CREATE TRIGGER account_made_words AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER account_changed_words AFTER UPDATE ON account FOR EACH ROW
  WHEN ((NEW.name, NEW.external_id) IS DISTINCT FROM (OLD.name, OLD.external_id)) EXECUTE FUNCTION note_names();
CREATE TRIGGER member_made_words AFTER INSERT ON member FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER member_changed_words AFTER UPDATE ON member FOR EACH ROW
  WHEN ((NEW.name, NEW.external_id, NEW.email) IS DISTINCT FROM (OLD.name, OLD.external_id, OLD.email)) EXECUTE FUNCTION note_names();
CREATE TRIGGER service_made_words AFTER INSERT ON service FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER service_changed_words AFTER UPDATE ON service FOR EACH ROW
  WHEN ((NEW.name, NEW.external_id) IS DISTINCT FROM (OLD.name, OLD.external_id)) EXECUTE FUNCTION note_names();

-- Writes all of it anew. To be called by the owner while row-level security is not forced.
CREATE FUNCTION rebuild_words() RETURNS void LANGUAGE sql SET search_path = claviger, pg_temp AS $$
  DELETE FROM key_words;
  DELETE FROM name_words;
  INSERT INTO key_words SELECT id, account_id, key_text(label, purpose, owner_team) FROM api_key;
  INSERT INTO name_words SELECT id, id, name_text(name, external_id, NULL) FROM account;
  INSERT INTO name_words SELECT id, account_id, name_text(name, external_id, email) FROM member;
  INSERT INTO name_words SELECT id, account_id, name_text(name, external_id, NULL) FROM service;
$$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account', 'member', 'service', 'api_key'] LOOP EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', t); END LOOP;
  PERFORM rebuild_words();
  FOREACH t IN ARRAY ARRAY['account', 'member', 'service', 'api_key'] LOOP EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t); END LOOP;
END $$;
CREATE INDEX key_words_words ON key_words USING gin (words);
CREATE INDEX name_words_words ON name_words USING gin (words);

-- What is sought is a part of the policy. A condition of a query may use an index under row-level security only if its operator is
-- leakproof, which that of words is not; a condition of the policy itself may. Whoever seeks nothing sees no row.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['key_words', 'name_words'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'') AND words @@ (SELECT sought())) WITH CHECK ((SELECT reach() = ''platform''))', t);
    EXECUTE format('CREATE POLICY account ON %I TO {{app}} USING ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()) AND words @@ (SELECT sought())) WITH CHECK ((SELECT reach() = ''account'') AND account_id = (SELECT reach_account()))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON key_words, name_words TO {{platform}}, {{app}};
