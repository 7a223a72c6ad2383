package dev.connectionregistry.admin.preflight.postgres;

import static dev.connectionregistry.admin.preflight.postgres.Breakage.fails;
import static dev.connectionregistry.admin.preflight.postgres.Breakage.warns;
import static dev.connectionregistry.admin.preflight.postgres.TestPair.q;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** For each check of replication, of its room and of activity a pair on which it fails. */
final class ReplicationBreakages {
    private ReplicationBreakages() {}

    static Map<String, Breakage> all() {
        Map<String, Breakage> all = new HashMap<>();
        all.putAll(capacity());
        all.putAll(replication());
        all.putAll(activity());
        return all;
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
                                        "nothing reads from")
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
                                                "BEGIN; CREATE TABLE public.t (id int); PREPARE TRANSACTION 'it''s %s'"
                                                        .formatted(pair.name)),
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
                "replication-sessions", warns(pair -> pair.replicationSession("cdc"), "(cdc, from 127.0.0.1, no slot)"),
                "foreign-sessions",
                        warns(pair -> pair.session().execute("SET application_name = 'nightly job'"), "nightly job"),
                "source-workers",
                        fails(pair -> pair.source("""
                                CREATE SUBSCRIPTION "In it"
                                CONNECTION 'host=127.0.0.1 port=1'
                                PUBLICATION p
                                WITH (connect = false)
                                """, "ALTER SUBSCRIPTION \"In it\" ENABLE"), "subscription \"In it\"")
                                .mends());
    }
}
