-- A table that is made while replication goes on, with rows on both servers.
CREATE TABLE orders (id integer PRIMARY KEY);
-- rows
INSERT INTO orders VALUES (1);
-- changes
INSERT INTO orders VALUES (2);
