package dev.connectionregistry.admin.preflight.postgres;

import static dev.connectionregistry.admin.preflight.postgres.Breakage.fails;
import static dev.connectionregistry.admin.preflight.postgres.Breakage.warns;
import static dev.connectionregistry.admin.preflight.postgres.TestPair.TABLE;
import static dev.connectionregistry.admin.preflight.postgres.TestPair.q;

import java.util.HashMap;
import java.util.Map;

/** For each check of rights a pair on which it fails. */
final class RightsBreakages {
    private RightsBreakages() {}

    static Map<String, Breakage> all() {
        Map<String, Breakage> all = new HashMap<>();
        all.putAll(rights());
        all.putAll(grants());
        return all;
    }

    private static Map<String, Breakage> rights() {
        return Map.of(
                "large-object-writes",
                        warns(
                                        pair -> pair.source("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC, %s"
                                                .formatted(q(pair.service))),
                                        "PUBLIC")
                                .mends(),
                "fence-rights",
                        fails(
                                        pair -> pair.source("REVOKE pg_signal_backend, pg_monitor, %s FROM %s"
                                                .formatted(q(pair.owner), q(pair.admin))),
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
                "row-security",
                        fails(
                                        pair -> pair.both(
                                                "ALTER TABLE " + TABLE + " ENABLE ROW LEVEL SECURITY",
                                                "ALTER TABLE " + TABLE + " FORCE ROW LEVEL SECURITY"),
                                        "on the source it hides rows from")
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
                                                "ALTER DATABASE %s OWNER TO %s"
                                                        .formatted(q(pair.name), q(pair.target.superuser())),
                                                "REVOKE " + q(pair.owner) + " FROM " + q(pair.admin)),
                                        "is not in pg_create_subscription, may not create in the database")
                                .on(() -> TestPair.between(18, TestPair.TARGET))
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
                "service-password",
                        fails(
                                pair -> pair.target("ALTER ROLE " + q(pair.service) + " PASSWORD 'another'"),
                                "password authentication failed"),
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
                                                "GRANT UPDATE (what) ON %s TO %s"
                                                        .formatted(TABLE, q(pair.name + " \"Report\""))),
                                        "roles that don't exist on the target")
                                .mends());
    }
}
