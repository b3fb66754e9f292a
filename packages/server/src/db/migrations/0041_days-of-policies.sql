-- Views of rotation and dormancy ask each key's own policy; see docs/decisions/0045-orders-of-lists-in-stretches.md.
-- The index of live keys by the age of their secret tells also what a policy depends on, so that a total is counted in it alone.
DROP INDEX api_key_live_since;
CREATE INDEX api_key_live_since ON api_key (current_since, id) INCLUDE (expires_or_never, grant_set, environment, account_id)
  WHERE kind = 'customer' AND state <> 'revoked';

-- What keys say of these for themselves, of which there are few.
ALTER TABLE key_policy
  ADD COLUMN rotation_days integer GENERATED ALWAYS AS ((body ->> 'rotationDays')::integer) STORED,
  ADD COLUMN dormancy_days integer GENERATED ALWAYS AS ((body ->> 'dormancyDays')::integer) STORED;
CREATE INDEX key_policy_rotation ON key_policy (rotation_days, key_id) WHERE rotation_days IS NOT NULL;
CREATE INDEX key_policy_dormancy ON key_policy (dormancy_days, key_id) WHERE dormancy_days IS NOT NULL;
