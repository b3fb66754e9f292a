-- In the reach of an account those policies are seen that may hold for its keys, and none that is another account's alone: what an account has
-- agreed to is nobody else's to read.

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['policy', 'environment_policy'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY platform ON %I TO {{platform}} USING ((SELECT reach() = ''platform'')) WITH CHECK ((SELECT reach() = ''platform''))', t);
  END LOOP;
END $$;
CREATE POLICY account ON environment_policy FOR SELECT TO {{app}} USING ((SELECT reach() = 'account'));
-- Of account_policy the account sees its own row.
CREATE POLICY account ON policy FOR SELECT TO {{app}} USING ((SELECT reach() = 'account')
  AND (name IN ('default', 'management') OR name IN (SELECT policy FROM account_policy) OR name IN (SELECT policy FROM environment_policy)));
