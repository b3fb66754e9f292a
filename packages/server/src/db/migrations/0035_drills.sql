-- Drills: a test rotation and a test revocation on a key made for them, with what came of each step.

CREATE TABLE drill (
  id text PRIMARY KEY,
  environment text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'passed', 'failed')),
  started_by jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  key_id text,
  steps jsonb NOT NULL,
  CHECK ((finished_at IS NULL) = (status = 'running'))
);
CREATE UNIQUE INDEX drill_running ON drill ((true)) WHERE status = 'running';

ALTER TABLE drill ENABLE ROW LEVEL SECURITY;
ALTER TABLE drill FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON drill TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT ON drill TO {{platform}};
GRANT UPDATE (status, finished_at, key_id, steps) ON drill TO {{platform}};
