-- Functions that name others without a schema, in what is checked for a row that is copied.
CREATE EXTENSION unaccent;
CREATE FUNCTION plain(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN lower(unaccent(value)); END $$;
CREATE FUNCTION "Plainer"(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT plain(value) $$;
CREATE FUNCTION careful(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = public AS
  $$ BEGIN RETURN plain(value); END $$;
CREATE FUNCTION steady(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(value); END $$;
CREATE TABLE tag (id integer PRIMARY KEY, label text CHECK (plain(label) <> 'none'), CHECK (careful(label) <> steady('NO')));
CREATE TABLE author (id integer PRIMARY KEY, name text, CHECK ("Plainer"(name) <> 'nobody'));
CREATE DOMAIN label AS text CHECK (plain(VALUE) <> 'none');
CREATE TABLE sticker (id integer PRIMARY KEY, label label);
CREATE FUNCTION same(one text, other text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN plain(one) = plain(other); END $$;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, PROCEDURE = same);
CREATE TABLE song (id integer PRIMARY KEY, title text CHECK (NOT title === 'untitled'));
-- rows
INSERT INTO tag VALUES (1, 'é');
INSERT INTO author VALUES (1, 'Zoë');
INSERT INTO sticker VALUES (1, 'ü');
INSERT INTO song VALUES (1, 'ä');
-- changes
UPDATE tag SET label = 'è';
UPDATE author SET name = 'Chloé';
INSERT INTO sticker VALUES (2, 'ö');
UPDATE song SET title = 'ô';
