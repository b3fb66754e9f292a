-- A temporary limit of a key, laid over those that it has until its last date; see docs/guide/ending-keys.md. The columns are set together, or none is.
ALTER TABLE api_key
  ADD COLUMN throttle_amount bigint CHECK (throttle_amount BETWEEN 1 AND 1000000000000),
  ADD COLUMN throttle_per text CHECK (throttle_per IN ('second', 'minute', 'hour', 'day')),
  ADD COLUMN throttle_until timestamptz CHECK (isfinite(throttle_until)),
  ADD COLUMN throttle_reason text,
  ADD COLUMN throttled_at timestamptz,
  ADD CONSTRAINT api_key_throttle_whole
    CHECK (num_nonnulls(throttle_amount, throttle_per, throttle_until, throttle_reason, throttled_at) IN (0, 5));
CREATE INDEX api_key_throttled ON api_key (throttle_until) WHERE throttle_until IS NOT NULL;
