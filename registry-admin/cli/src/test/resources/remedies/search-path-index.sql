-- The same in an index. From Postgres 17 on such an index can't even be made.
CREATE EXTENSION unaccent;
CREATE FUNCTION plain(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN lower(unaccent(value)); END $$;
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE INDEX author_plain ON author (plain(name), id) WHERE plain(name) <> 'nobody';
-- rows
INSERT INTO author VALUES (1, 'Zoë');
-- changes
UPDATE author SET name = 'Chloé';
