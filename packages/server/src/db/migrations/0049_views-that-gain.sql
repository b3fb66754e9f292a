-- What views had when they were looked at last, of those whose keepers wish to be told of more.

CREATE TABLE view_look (
  owner text NOT NULL,
  name text NOT NULL,
  looked_at timestamptz NOT NULL,
  PRIMARY KEY (owner, name),
  FOREIGN KEY (owner, name) REFERENCES saved_view (owner, name) ON DELETE CASCADE
);
CREATE TABLE view_row (
  owner text NOT NULL,
  name text NOT NULL,
  key_id text NOT NULL,
  PRIMARY KEY (owner, name, key_id),
  FOREIGN KEY (owner, name) REFERENCES view_look (owner, name) ON DELETE CASCADE
);
CREATE INDEX saved_view_notify ON saved_view (owner, name) WHERE notify;

ALTER TABLE view_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE view_look FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON view_look TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON view_look TO {{platform}};
ALTER TABLE view_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE view_row FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON view_row TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));
GRANT SELECT, INSERT, UPDATE, DELETE ON view_row TO {{platform}};
