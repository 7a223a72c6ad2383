-- Both servers begin alike: the services' role, and the table that orders-service would make.
CREATE ROLE app LOGIN PASSWORD 'app';
GRANT CONNECT ON DATABASE orders TO app;
GRANT USAGE, CREATE ON SCHEMA public TO app;
SET ROLE app;
CREATE TABLE IF NOT EXISTS orders (id uuid PRIMARY KEY, item text NOT NULL, quantity integer NOT NULL, placed_at timestamptz NOT NULL);
