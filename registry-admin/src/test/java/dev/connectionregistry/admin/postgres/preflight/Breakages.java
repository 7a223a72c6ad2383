package dev.connectionregistry.admin.postgres.preflight;

import static dev.connectionregistry.admin.postgres.preflight.Breakage.fails;
import static dev.connectionregistry.admin.postgres.preflight.Breakage.warns;
import static dev.connectionregistry.admin.postgres.preflight.TestPair.TABLE;
import static dev.connectionregistry.admin.postgres.preflight.TestPair.q;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** For each check a pair on which it fails. */
final class Breakages {
    private static final String TRIGGER =
            "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS" + " 'BEGIN RETURN NEW; END'";

    private Breakages() {}

    static Map<String, Breakage> all() {
        Map<String, Breakage> all = new HashMap<>();
        all.putAll(servers());
        all.putAll(rights());
        all.putAll(grants());
        all.putAll(settings());
        all.putAll(schema());
        all.putAll(data());
        all.putAll(capacity());
        all.putAll(replication());
        all.putAll(activity());
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
                                        pair -> pair.source("ALTER DATABASE " + q(pair.name)
                                                + " SET default_transaction_read_only = on"),
                                        "read-only by default")
                                .mends(),
                "target-writable",
                        fails(
                                        pair -> pair.target(
                                                "ALTER DATABASE " + q(pair.name)
                                                        + " SET default_transaction_read_only = on",
                                                "ALTER ROLE " + q(pair.service) + " IN DATABASE " + q(pair.name)
                                                        + " SET default_transaction_read_only = on"),
                                        "the fence of an earlier cutover")
                                .mends(),
                "target-connections", fails(pair -> pair.fleetConnections = 100_000, "100000 connections"));
    }

    private static Map<String, Breakage> rights() {
        return Map.of(
                "fence-rights",
                        fails(
                                        pair -> pair.source("REVOKE pg_signal_backend, pg_monitor, " + q(pair.owner)
                                                + " FROM " + q(pair.admin)),
                                        "doesn't own the database")
                                .mends(),
                "sequence-rights",
                        fails(
                                        pair -> pair.both(
                                                "CREATE SCHEMA \"Other\"", "CREATE SEQUENCE \"Other\".\"No's\""),
                                        "may not set on the target: \"Other\".\"No's\"")
                                .mends(),
                "table-rights",
                        fails(
                                        pair -> pair.target(
                                                "CREATE SCHEMA \"Other\"", "CREATE TABLE \"Other\".t (id int)"),
                                        "may not read on the target: \"Other\".t")
                                .mends(),
                "slot-rights",
                        fails(
                                        pair -> pair.source("ALTER ROLE " + q(pair.admin) + " NOREPLICATION"),
                                        "may not replicate")
                                .mends(),
                "publication-rights",
                        fails(
                                        pair -> pair.source(
                                                "CREATE ROLE " + q(pair.name + " else"),
                                                "CREATE TABLE public.t (id int PRIMARY KEY)",
                                                "ALTER TABLE public.t OWNER TO " + q(pair.name + " else")),
                                        "doesn't own the tables of")
                                .mends(),
                "subscription-rights",
                        fails(
                                        pair -> pair.target(
                                                "REVOKE pg_create_subscription FROM " + q(pair.admin),
                                                "ALTER DATABASE " + q(pair.name) + " OWNER TO "
                                                        + q(pair.target.superuser()),
                                                "REVOKE " + q(pair.owner) + " FROM " + q(pair.admin)),
                                        "is not in pg_create_subscription, may not create in the database")
                                .mends());
    }

    private static Map<String, Breakage> grants() {
        return Map.of(
                "service-role",
                        fails(
                                        pair -> {
                                            pair.source(
                                                    "CREATE ROLE " + q(pair.name + " Group"),
                                                    "GRANT " + q(pair.name + " Group") + " TO " + q(pair.service));
                                            pair.target(
                                                    "CREATE ROLE " + q(pair.name + " Group"),
                                                    "ALTER ROLE " + q(pair.service) + " NOLOGIN",
                                                    "REVOKE CONNECT ON DATABASE " + q(pair.name) + " FROM PUBLIC");
                                        },
                                        "may not log in to the target, may not connect to the target's database, is not in")
                                .mends(),
                "service-grants",
                        fails(
                                        pair -> pair.target(
                                                "REVOKE DELETE ON " + TABLE + " FROM " + q(pair.service),
                                                "REVOKE EXECUTE ON FUNCTION public.twice(integer) FROM PUBLIC"),
                                        "DELETE ON TABLE " + TABLE)
                                .mends(),
                "other-grants",
                        warns(
                                        pair -> pair.source(
                                                "CREATE ROLE " + q(pair.name + " \"Report\""),
                                                "GRANT SELECT ON " + TABLE + " TO " + q(pair.name + " \"Report\""),
                                                "GRANT UPDATE (what) ON " + TABLE + " TO "
                                                        + q(pair.name + " \"Report\"")),
                                        "roles that don't exist there")
                                .mends());
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
                                                "ALTER DATABASE " + q(pair.name)
                                                        + " SET search_path = public, \"Other\"",
                                                "ALTER ROLE " + q(pair.service) + " SET work_mem = '5MB'",
                                                "ALTER ROLE " + q(pair.service) + " IN DATABASE " + q(pair.name)
                                                        + " SET application_name = 'it''s'"),
                                        "3 not so on the target")
                                .mends(),
                "preload-libraries", warns(pair -> {}, "pg_stat_statements").on(TestPair::fromPoor));
    }

    private static Map<String, Breakage> schema() {
        return Map.of(
                "schema",
                        fails(
                                pair -> pair.source("CREATE TABLE public.\"New one\" (id int PRIMARY KEY)"),
                                "only on the old server: column public.\"New one\""),
                "extensions",
                        fails(pair -> pair.source("CREATE EXTENSION \"uuid-ossp\""), "not on the target: uuid-ossp")
                                .mends(),
                "invalid-indexes",
                        warns(
                                        pair -> pair.target(
                                                "CREATE INDEX \"By what\" ON " + TABLE + " (what)",
                                                "UPDATE pg_index SET indisvalid = false"
                                                        + " WHERE indexrelid = 'public.\"By what\"'::regclass"),
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
                                                "CREATE TRIGGER \"On it\" BEFORE INSERT ON " + TABLE
                                                        + " FOR EACH ROW EXECUTE PROCEDURE public.nothing()",
                                                "ALTER TABLE " + TABLE + " ENABLE ALWAYS TRIGGER \"On it\""),
                                        "\"On it\" of " + TABLE)
                                .mends(),
                "materialized-views",
                        warns(
                                        pair -> {
                                            pair.source("CREATE MATERIALIZED VIEW public.\"Sums\" AS SELECT 1 AS n");
                                            pair.target("CREATE MATERIALIZED VIEW public.\"Sums\" AS SELECT 1 AS n"
                                                    + " WITH NO DATA");
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
                                        "SELECT setval(pg_get_serial_sequence('" + TABLE + "', 'id'), 2147000000)"),
                                "has used 99 % (2147000000; column id integer)"),
                "wraparound",
                        warns(
                                        pair -> pair.source(
                                                "UPDATE pg_database SET datfrozenxid = (((txid_current() - 600000000"
                                                        + " + 4294967296) % 4294967296)::text)::xid"
                                                        + " WHERE datname = current_database()"),
                                        "600 million transactions")
                                .on(TestPair::fromPoor),
                "statistics",
                        warns(
                                        pair -> pair.target(
                                                "ALTER TABLE " + TABLE + " SET (autovacuum_enabled = false)",
                                                "INSERT INTO " + TABLE
                                                        + " (what) SELECT repeat('x', 200) FROM generate_series(1, 1000)"),
                                        "1 table never analysed: " + TABLE)
                                .mends());
    }

    private static Map<String, Breakage> capacity() {
        return Map.of(
                "wal-level", fails(pair -> {}, "wal_level is replica").on(TestPair::fromPoor),
                "wal-level-target", warns(pair -> {}, "wal_level is replica").on(TestPair::toPoor),
                "replication-slots",
                        fails(pair -> {}, "max_replication_slots is 0").on(TestPair::fromPoor),
                "wal-senders", fails(pair -> {}, "max_wal_senders is 0").on(TestPair::fromPoor),
                "subscription-workers",
                        fails(pair -> {}, "max_logical_replication_workers is 0")
                                .on(TestPair::toPoor));
    }

    private static Map<String, Breakage> replication() {
        return Map.of(
                "replica-identity",
                        fails(
                                        pair -> pair.source(
                                                "CREATE TABLE public.\"No key\" (n int)",
                                                "INSERT INTO public.\"No key\" VALUES (1)",
                                                "UPDATE public.\"No key\" SET n = 2"),
                                        "updated or deleted from: public.\"No key\" (1 times)")
                                .mends(),
                "subscription",
                        fails(pair -> pair.target("ALTER SUBSCRIPTION " + q(pair.name) + " DISABLE"), "is disabled")
                                .on(TestPair::replicating)
                                .mends(),
                "publication",
                        fails(
                                        pair -> pair.both("CREATE TABLE public.\"Added later\" (id int PRIMARY KEY)"),
                                        "1 table not published: public.\"Added later\"")
                                .on(TestPair::replicating)
                                .mends(),
                "replication-lag",
                        fails(
                                        pair -> pair.target("ALTER SUBSCRIPTION " + q(pair.name) + " DISABLE"),
                                        "nobody reads from")
                                .on(TestPair::replicating),
                "other-slots",
                        warns(
                                        pair -> pair.source(
                                                "SELECT pg_create_physical_replication_slot('standby', true)"),
                                        "standby (physical, not in use")
                                .mends());
    }

    private static Map<String, Breakage> activity() {
        return Map.of(
                "prepared-transactions",
                        fails(
                                        pair -> pair.source(
                                                "BEGIN; CREATE TABLE public.t (id int); PREPARE TRANSACTION 'it''s "
                                                        + pair.name + "'"),
                                        "1 prepared transaction: 'it''s")
                                .mends(),
                "long-transactions",
                        warns(
                                        pair -> {
                                            pair.longTransaction = Duration.ofMillis(1);
                                            pair.session().execute("BEGIN; SELECT 1");
                                        },
                                        "of " + "Shop")
                                .mends(),
                "foreign-sessions",
                        warns(pair -> pair.session().execute("SET application_name = 'nightly job'"), "nightly job"),
                "source-workers",
                        fails(
                                        pair -> pair.source(
                                                "CREATE SUBSCRIPTION \"In it\" CONNECTION 'host=127.0.0.1 port=1'"
                                                        + " PUBLICATION p WITH (connect = false)",
                                                "ALTER SUBSCRIPTION \"In it\" ENABLE"),
                                        "subscription \"In it\"")
                                .mends());
    }
}
