-- The same in a generated column, whose table has no row yet that would show it.
CREATE EXTENSION unaccent;
CREATE FUNCTION plain(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN lower(unaccent(value)); END $$;
CREATE TABLE article (id integer PRIMARY KEY, title text, slug text GENERATED ALWAYS AS (plain(title)) STORED);
-- rows
-- changes
INSERT INTO article (id, title) VALUES (1, 'Öl');
