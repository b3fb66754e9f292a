-- A total of keys by the age of their secret is counted in this index, which is read the faster the narrower it is. Accounts and environments
-- whose policies say something of their own are looked up in the table; see docs/decisions/0045-orders-of-lists-in-stretches.md.
DROP INDEX api_key_live_since;
CREATE INDEX api_key_live_since ON api_key (current_since, id) INCLUDE (expires_or_never, grant_set)
  WHERE kind = 'customer' AND state <> 'revoked';
