-- Keys that are suspended or revoked by policy where nobody uses them, after notice. See docs/decisions/0048-dormant-keys-end-after-notice.md.

-- One notice of a key: when it was given, and what happens when. acted_at: when it did; the row stays, so that a key which is resumed has its time again.
CREATE TABLE dormancy_notice (
  key_id text PRIMARY KEY,
  account_id text NOT NULL,
  action text NOT NULL CHECK (action IN ('suspend', 'revoke')),
  noticed_at timestamptz NOT NULL,
  acts_at timestamptz NOT NULL,
  acted_at timestamptz,
  FOREIGN KEY (account_id, key_id) REFERENCES api_key (account_id, id)
);
CREATE INDEX dormancy_notice_open ON dormancy_notice (key_id) WHERE acted_at IS NULL;
CREATE INDEX dormancy_notice_account ON dormancy_notice (account_id, key_id);

-- How far the walk over all keys has come. walked_at: when a node went on with it last, by the clock of the database.
CREATE TABLE dormancy_walk (
  alone boolean PRIMARY KEY CHECK (alone),
  began_at timestamptz NOT NULL,
  after_id text NOT NULL,
  ended_at timestamptz,
  walked_at timestamptz NOT NULL
);
INSERT INTO dormancy_walk (alone, began_at, after_id, ended_at, walked_at) VALUES (true, 'epoch', '', 'epoch', 'epoch');

ALTER TABLE dormancy_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE dormancy_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON dormancy_notice TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON dormancy_notice TO {{platform}};
ALTER TABLE dormancy_walk ENABLE ROW LEVEL SECURITY;
ALTER TABLE dormancy_walk FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON dormancy_walk TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON dormancy_walk TO {{platform}};
