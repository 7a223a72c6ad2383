package dev.connectionregistry.admin.replication.setup;

import java.sql.SQLException;
import java.util.List;

/** Tables whose names, keys and kinds are what one meets, and worse. */
final class NastySchema {
    static final String SHOP = "\"Sales & \"\"Co\"\"\"";
    static final String ORDERS = SHOP + ".\"Order\"";
    static final String KEYWORD = "public.\"select\"";
    static final String UNICODE = "public.\"tablé 中文 🐘\"";
    static final String LONGEST = "public.\"" + "x".repeat(60) + "'\\%\"";
    static final String EVENTS = "public.\"Events\"";
    static final String KEYLESS = "public.\"no key\"";
    static final String HISTORY = "public.history";

    private NastySchema() {}

    /** All that are replicated. */
    static List<String> tables() {
        return List.of(ORDERS, KEYWORD, UNICODE, LONGEST, EVENTS, KEYLESS, HISTORY);
    }

    static void create(Pair pair) throws SQLException {
        pair.both(
                "CREATE SCHEMA " + SHOP,
                """
                CREATE TABLE %s (
                  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  "wh""at" text
                )
                """.formatted(ORDERS),
                "CREATE TABLE " + KEYWORD + " (\"from\" integer PRIMARY KEY, \"where\" text)",
                "CREATE TABLE " + UNICODE + " (\"schlüssel\" uuid PRIMARY KEY, wert numeric)",
                "CREATE TABLE " + LONGEST + " (k text, part int, v text, PRIMARY KEY (k, part))",
                "CREATE TABLE " + EVENTS + " (id bigint, at date, what text) PARTITION BY RANGE (at)",
                """
                CREATE TABLE public."Events 1"
                PARTITION OF %s FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')
                """.formatted(EVENTS),
                """
                CREATE TABLE public."Events 2"
                PARTITION OF %s FOR VALUES FROM ('2026-07-01') TO ('2027-01-01')
                """.formatted(EVENTS),
                "ALTER TABLE " + EVENTS + " ADD PRIMARY KEY (id, at)",
                "CREATE TABLE " + KEYLESS + " (line text)",
                "CREATE TABLE " + HISTORY + " (id bigint PRIMARY KEY, what text)",
                "CREATE UNLOGGED TABLE public.scratch (n int)");
        pair.source.execute(
                pair.name,
                "INSERT INTO " + ORDERS + " (\"wh\"\"at\") SELECT 'tea ' || i FROM generate_series(1, 500) AS i",
                "INSERT INTO " + KEYWORD + " SELECT i - 100, 'here' FROM generate_series(1, 200) AS i",
                "INSERT INTO " + UNICODE + " SELECT md5(i::text)::uuid, i / 7.0 FROM generate_series(1, 300) AS i",
                "INSERT INTO " + LONGEST + " SELECT 'k' || i, i % 3, 'v' FROM generate_series(1, 300) AS i",
                """
                INSERT INTO %s
                SELECT i, date '2026-01-01' + i %% 360, 'e'
                FROM generate_series(1, 400) AS i
                """.formatted(EVENTS),
                "INSERT INTO " + KEYLESS + " SELECT 'line ' || i FROM generate_series(1, 50) AS i",
                "INSERT INTO " + HISTORY + " SELECT i, 'h' FROM generate_series(1, 1000) AS i",
                "UPDATE " + ORDERS + " SET \"wh\"\"at\" = 'coffee' WHERE \"Id\" < 10",
                "ANALYZE");
    }
}
