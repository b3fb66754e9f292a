-- Rows of the tally that were added up are one for each environment, state and day, with ids below zero; what comes in later is added to
-- them a slice at a time. See docs/decisions/0026-pages-from-bounded-reads.md.
CREATE UNIQUE INDEX key_tally_sum ON key_tally (environment, state, expires_on) WHERE id < 0;
GRANT UPDATE (keys) ON key_tally TO {{platform}};
