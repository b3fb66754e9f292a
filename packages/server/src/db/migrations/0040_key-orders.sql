-- Lists of keys in the order of any column; see modules/inventory/queries/key-sorts.ts for how they are walked, and
-- docs/decisions/0045-orders-of-lists-in-stretches.md for what each of these costs. Keys that lack a value are in no index of it.

-- The same two as before, with the id by which ties are ordered.
DROP INDEX api_key_service;
DROP INDEX api_key_team;
CREATE INDEX api_key_service ON api_key (service_id, id) WHERE service_id IS NOT NULL;
CREATE INDEX api_key_team ON api_key (owner_team, id) WHERE owner_team IS NOT NULL;

CREATE INDEX api_key_criticality ON api_key (criticality, id) WHERE criticality IS NOT NULL;
CREATE INDEX api_key_environment ON api_key (environment, id);
