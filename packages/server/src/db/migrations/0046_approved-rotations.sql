-- A rotation that ends the old version at once can wait for approval as well.
ALTER TABLE approval DROP CONSTRAINT approval_kind_check;
ALTER TABLE approval ADD CONSTRAINT approval_kind_check CHECK (kind IN ('create', 'update', 'rotate')) NOT VALID;
ALTER TABLE approval VALIDATE CONSTRAINT approval_kind_check;
