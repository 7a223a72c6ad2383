-- A table whose policies bind its own owner, who is no superuser.
DO $$ BEGIN
  CREATE ROLE lessor;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
CREATE TABLE lease (id integer PRIMARY KEY, tenant text);
ALTER TABLE lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON lease USING (tenant = current_user);
ALTER TABLE lease OWNER TO lessor;
-- rows
INSERT INTO lease SELECT g, CASE WHEN g % 2 = 0 THEN 'north' ELSE 'south' END FROM generate_series(1, 50) g;
-- changes
UPDATE lease SET tenant = 'east' WHERE id < 10;
DELETE FROM lease WHERE id > 40;
