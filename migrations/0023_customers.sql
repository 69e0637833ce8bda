-- The directory of customers, as it was imported last: for staff, to find the right file. `body` has the person; `customer_keys` what they are looked up by (where
-- what is kept is encrypted, marks in its place).
CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE customer_keys (
    key TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (key, customer)
);
