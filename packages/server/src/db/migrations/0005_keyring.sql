-- Keyring: a version comes into use in stages, and may be wrapped under two master keys while one replaces the other.

-- known: every node learns it, nothing is made with it yet
-- used:  what is made from now on is made with it, older rows still wait to be wrapped again
-- done:  nothing waits any more
ALTER TABLE keyring
  ADD COLUMN stage text NOT NULL DEFAULT 'done' CHECK (stage IN ('known', 'used', 'done')),
  ADD COLUMN wrapped_next bytea;

GRANT UPDATE (stage, wrapped_next) ON keyring TO {{platform}};
