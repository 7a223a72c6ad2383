CREATE TABLE orders (
    id uuid PRIMARY KEY,
    item text NOT NULL,
    quantity integer NOT NULL,
    placed_at timestamptz NOT NULL
);

CREATE TABLE order_totals (
    id integer PRIMARY KEY,
    orders bigint NOT NULL,
    counted bigint NOT NULL
);

INSERT INTO order_totals VALUES (1, 0, 0);

GRANT SELECT, INSERT, UPDATE, DELETE ON orders, order_totals TO ${application-role};
