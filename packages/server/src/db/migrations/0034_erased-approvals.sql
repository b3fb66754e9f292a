-- Requests of an account that is erased go with it; see 0032_closing.sql.
GRANT DELETE ON approval TO {{platform}};
