package dev.connectionregistry.admin.preflight.postgres;

import static dev.connectionregistry.admin.preflight.postgres.Breakage.fails;
import static dev.connectionregistry.admin.preflight.postgres.Breakage.warns;
import static dev.connectionregistry.admin.preflight.postgres.TestPair.TABLE;
import static dev.connectionregistry.admin.preflight.postgres.TestPair.q;

import java.util.HashMap;
import java.util.Map;

/** For each check a pair on which it fails. */
final class Breakages {
    private static final String TRIGGER =
            "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";

    private Breakages() {}

    static Map<String, Breakage> all() {
        Map<String, Breakage> all = new HashMap<>();
        all.putAll(servers());
        all.putAll(RightsBreakages.all());
        all.putAll(settings());
        all.putAll(schema());
        all.putAll(data());
        all.putAll(ReplicationBreakages.all());
        return all;
    }

    private static Map<String, Breakage> servers() {
        return Map.of(
                "source-login", fails(pair -> pair.secret = "wrong", "password authentication failed"),
                "target-login", fails(pair -> pair.secret = "wrong", "password authentication failed"),
                "versions",
                        fails(pair -> {}, "the same database")
                                .on(() -> TestPair.plain().toItself()),
                "source-writable",
                        fails(
                                        pair -> pair.source("ALTER DATABASE %s SET default_transaction_read_only = on"
                                                .formatted(q(pair.name))),
                                        "read-only by default")
                                .mends(),
                "target-writable",
                        fails(
                                        pair -> pair.target(
                                                "ALTER DATABASE %s SET default_transaction_read_only = on"
                                                        .formatted(q(pair.name)),
                                                "ALTER ROLE %s IN DATABASE %s SET default_transaction_read_only = on"
                                                        .formatted(q(pair.service), q(pair.name))),
                                        "the fence of an earlier cutover")
                                .mends(),
                "hosts", fails(pair -> pair.mixedClusters = true, "belongs to a different cluster from"),
                "target-tls",
                        fails(
                                pair -> pair.reference = "rds-iam",
                                "services send an rds-iam token only to a server that has proven its name"),
                "source-connections", warns(pair -> pair.fleetConnections = 100_000, "100000 connections"),
                "target-connections", fails(pair -> pair.fleetConnections = 100_000, "100000 connections"));
    }

    private static Map<String, Breakage> settings() {
        return Map.of(
                "encoding",
                        fails(pair -> {}, "the source is UTF8, the target LATIN1")
                                .on(() -> TestPair.withTarget(
                                        "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")),
                "collation",
                        warns(pair -> {}, "target: collate C, ctype C, built in C.UTF-8")
                                .on(() -> TestPair.withTarget(
                                        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0")),
                "collation-version",
                        warns(
                                pair -> pair.target(
                                        "CREATE COLLATION public.\"Odd\" (locale = 'C')",
                                        "CREATE TABLE public.odd (t text COLLATE public.\"Odd\" PRIMARY KEY)",
                                        "UPDATE pg_collation SET collversion = '0' WHERE collname = 'Odd'"),
                                "1 collation on the target"),
                "server-settings",
                        warns(pair -> {}, "statement_timeout is 0 on the source, 7000 on the target")
                                .on(TestPair::toPoor),
                "database-settings",
                        warns(
                                        pair -> pair.source(
                                                "ALTER DATABASE %s SET search_path = public, \"Other\""
                                                        .formatted(q(pair.name)),
                                                "ALTER ROLE " + q(pair.service) + " SET work_mem = '5MB'",
                                                "ALTER ROLE %s IN DATABASE %s SET application_name = 'it''s'"
                                                        .formatted(q(pair.service), q(pair.name))),
                                        "3 different on the target")
                                .mends(),
                "copy-timeouts",
                        fails(
                                        pair -> pair.target(
                                                "ALTER DATABASE " + q(pair.name) + " SET lock_timeout = '2s'"),
                                        "on the target lock_timeout of 2000 ms (from: database)")
                                .mends(),
                "preload-libraries", warns(pair -> {}, "pg_stat_statements").on(TestPair::fromPoor));
    }

    private static Map<String, Breakage> schema() {
        return Map.of(
                "schema",
                        fails(
                                pair -> pair.source("CREATE TABLE public.\"New one\" (id int PRIMARY KEY)"),
                                "only on the source: column public.\"New one\""),
                "extensions",
                        fails(pair -> pair.source("CREATE EXTENSION \"uuid-ossp\""), "not on the target: uuid-ossp")
                                .mends(),
                "invalid-indexes",
                        warns(
                                        pair -> pair.target("CREATE INDEX \"By what\" ON " + TABLE + " (what)", """
                                                UPDATE pg_index
                                                SET indisvalid = false
                                                WHERE indexrelid = 'public."By what"'::regclass
                                                """),
                                        "1 index: public.\"By what\" on the target")
                                .mends(),
                "unlogged-tables",
                        warns(
                                        pair -> pair.source("CREATE UNLOGGED TABLE public.\"Cache\" (id int)"),
                                        "1 unlogged table: public.\"Cache\"")
                                .mends(),
                "target-triggers",
                        warns(
                                        pair -> pair.target(
                                                TRIGGER,
                                                """
                                                CREATE TRIGGER "On it" BEFORE INSERT ON %s
                                                FOR EACH ROW EXECUTE PROCEDURE public.nothing()
                                                """.formatted(TABLE),
                                                "ALTER TABLE " + TABLE + " ENABLE ALWAYS TRIGGER \"On it\""),
                                        "\"On it\" of " + TABLE)
                                .mends(),
                "search-path",
                        fails(
                                        pair -> pair.both(
                                                """
                                                CREATE FUNCTION public."Half"(n int) RETURNS int LANGUAGE plpgsql
                                                AS 'BEGIN RETURN twice(n) / 4; END'
                                                """,
                                                "CREATE TABLE public.halves (n int CHECK (public.\"Half\"(n) < 9))",
                                                "GRANT SELECT ON public.halves TO " + q(pair.service)),
                                        "check halves_n_check of public.halves (ERROR: function twice(integer)")
                                .mends(),
                "materialized-views",
                        warns(
                                        pair -> {
                                            pair.source("CREATE MATERIALIZED VIEW public.\"Sums\" AS SELECT 1 AS n");
                                            pair.target("""
                                                    CREATE MATERIALIZED VIEW public."Sums"
                                                    AS SELECT 1 AS n
                                                    WITH NO DATA
                                                    """);
                                        },
                                        "empty on the target: public.\"Sums\"")
                                .mends());
    }

    private static Map<String, Breakage> data() {
        return Map.of(
                "large-objects", fails(pair -> pair.source("SELECT lo_create(0)"), "1 on the source, 0 on the target"),
                "sequences-end",
                        fails(
                                        pair -> pair.source(
                                                "SELECT setval(pg_get_serial_sequence('%s', 'id'), 2147000000)"
                                                        .formatted(TABLE)),
                                        "has used 99 % (2147000000; column id integer of " + TABLE + ")")
                                .mends(),
                "wraparound",
                        warns(pair -> pair.source("""
                                UPDATE pg_database
                                SET datfrozenxid = (
                                  ((txid_current() - 600000000 + 4294967296) % 4294967296)::text
                                )::xid
                                WHERE datname = current_database()
                                """), "600 million transactions")
                                .on(TestPair::fromPoor),
                "statistics",
                        warns(
                                        pair -> pair.target(
                                                "ALTER TABLE " + TABLE + " SET (autovacuum_enabled = false)",
                                                """
                                                INSERT INTO %s (what)
                                                SELECT repeat('x', 200)
                                                FROM generate_series(1, 1000)
                                                """.formatted(TABLE)),
                                        "1 table never analysed: " + TABLE)
                                .mends(),
                "row-counts",
                        fails(
                                        pair -> pair.target("INSERT INTO " + TABLE + " (id, what) VALUES (-1, 'late')"),
                                        " rows on the source and ")
                                .on(TestPair::replicating),
                "backfill",
                        fails(
                                        pair -> {
                                            pair.both("""
                                                    CREATE TABLE public."Old ones" (
                                                      "The id" uuid,
                                                      n numeric(9, 2),
                                                      PRIMARY KEY (n, "The id")
                                                    )
                                                    """);
                                            pair.both("GRANT SELECT ON public.\"Old ones\" TO " + q(pair.admin));
                                            pair.source(
                                                    """
                                                    INSERT INTO public."Old ones"
                                                    SELECT md5(i::text)::uuid, i
                                                    FROM generate_series(1, 9) AS i
                                                    """,
                                                    "ALTER PUBLICATION %s ADD TABLE public.\"Old ones\""
                                                            .formatted(q(pair.name)));
                                            pair.target("""
                                                    ALTER SUBSCRIPTION %s
                                                    REFRESH PUBLICATION WITH (copy_data = false)
                                                    """.formatted(q(pair.name)));
                                        },
                                        "first row isn't on the target: public.\"Old ones\"")
                                .on(TestPair::replicating));
    }
}
