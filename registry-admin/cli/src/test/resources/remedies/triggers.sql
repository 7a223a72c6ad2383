-- Triggers that fire for replicated rows, under a search path that they don't have there.
CREATE TABLE box (id integer PRIMARY KEY, weight numeric);
CREATE TABLE box_log (id serial PRIMARY KEY, box integer);
CREATE FUNCTION log_box() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO box_log (box) VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER always_logs AFTER INSERT ON box FOR EACH ROW EXECUTE PROCEDURE log_box();
ALTER TABLE box ENABLE ALWAYS TRIGGER always_logs;
CREATE TABLE stamp (id integer PRIMARY KEY);
CREATE TRIGGER "Replica only" BEFORE INSERT ON stamp FOR EACH ROW EXECUTE PROCEDURE log_box();
ALTER TABLE stamp ENABLE REPLICA TRIGGER "Replica only";
CREATE RULE no_delete AS ON DELETE TO stamp DO INSTEAD NOTHING;
ALTER TABLE stamp ENABLE ALWAYS RULE no_delete;
-- rows
INSERT INTO box SELECT g, g FROM generate_series(1, 10) g;
INSERT INTO stamp VALUES (1);
-- changes
INSERT INTO box VALUES (11, 11);
INSERT INTO stamp VALUES (2);
