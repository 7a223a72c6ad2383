package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.RowSecurity;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Checks whether the operator's roles, and the roles that write rows, can access tables with all their rows, and
 * sequences.
 */
final class ReadingRights {
    private ReadingRights() {}

    private static final String CLOSED = """
            SELECT {name}, pg_catalog.quote_ident(n.nspname)
            FROM {relations}
            WHERE {own} AND c.relkind IN (%s)
              AND (NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') OR NOT (%s))
            ORDER BY {by name}
            """;
    private static final String CLOSED_TABLES = CatalogSql.sql(
            String.format(Locale.ROOT, CLOSED, "'r', 'p'", "pg_catalog.has_table_privilege(c.oid, 'SELECT')"));
    private static final String UNREADABLE_SEQUENCES = CatalogSql.sql(
            String.format(Locale.ROOT, CLOSED, "'S'", "pg_catalog.has_sequence_privilege(c.oid, 'SELECT')"));
    private static final String UNSETTABLE_SEQUENCES = CatalogSql.sql(
            String.format(
                    Locale.ROOT,
                    CLOSED,
                    "'S'",
                    "pg_catalog.has_sequence_privilege(c.oid, 'SELECT') AND pg_catalog.has_sequence_privilege(c.oid, 'UPDATE')"));

    /** A relation that our role can't access; names as in SQL. */
    record Closed(String name, String schema) {
        private static List<Closed> read(Server server, String sql) throws ServerException {
            return server.query(sql, row -> new Closed(row.getString(1), row.getString(2)));
        }

        static List<Closed> tables(Server server) throws ServerException {
            return read(server, CLOSED_TABLES);
        }

        static Both<List<Closed>> sequences(Servers servers) throws ServerException {
            return new Both<>(
                    read(servers.source(), UNREADABLE_SEQUENCES), read(servers.target(), UNSETTABLE_SEQUENCES));
        }
    }

    static Finding tables(Both<List<Closed>> closed, Subject subject) {
        return reached(
                closed,
                new Both<>("SELECT ON ALL TABLES", "SELECT ON ALL TABLES"),
                new Both<>("read", "read"),
                subject,
                "every table can be read on both servers");
    }

    static Finding sequences(Both<List<Closed>> closed, Subject subject) {
        return reached(
                closed,
                new Both<>("SELECT ON ALL SEQUENCES", "SELECT, UPDATE ON ALL SEQUENCES"),
                new Both<>("read", "set"),
                subject,
                "every sequence can be read on the source and set on the target");
    }

    private static Finding reached(
            Both<List<Closed>> closed, Both<String> grants, Both<String> verbs, Subject subject, String pass) {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        for (Side side : Side.values()) {
            List<Closed> relations = closed.on(side);
            Access access = subject.on(side);
            if (!relations.isEmpty()) {
                wrong.add(access.role() + " may not " + verbs.on(side) + " on the " + side.word() + ": "
                        + NameLists.some(NameLists.each(relations, Closed::name)));
            }
            relations.stream().map(Closed::schema).distinct().sorted().forEach(schema -> {
                String to = " SCHEMA " + schema + " TO " + access.role() + ";";
                remedies.add(access.give("GRANT USAGE ON" + to));
                remedies.add(access.give("GRANT " + grants.on(side) + " IN" + to));
            });
        }
        return wrong.isEmpty() ? Finding.pass(pass) : Finding.fail(String.join("; ", wrong), remedies);
    }

    private static final String BINDS_US = CatalogSql.sql("""
            SELECT {name}
            FROM {relations}
            JOIN pg_catalog.pg_roles r ON r.rolname = current_user
            WHERE {own} AND c.relkind IN ('r', 'p') AND %s
            ORDER BY {by name}
            """.replace("%s", RowSecurity.binds("c", "r")));
    private static final String BYPASSES =
            "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user";
    private static final String SUBSCRIPTIONS = CatalogSql.sql("""
            SELECT s.subname, s.subrunasowner, o.rolsuper OR o.rolbypassrls, o.rolname
            FROM pg_catalog.pg_subscription s
            JOIN pg_catalog.pg_roles o ON o.oid = s.subowner
            WHERE s.subname = ANY (?::text[]) AND s.subdbid = {database}
            ORDER BY 1
            """);

    /**
     * Which of the roles that read and write for replication are bound by policies. On the source it is the role that
     * reads copies; on the target it is the role that writes rows, which from Postgres 16 on is the owner of each table
     * unless the subscription runs as its own owner.
     *
     * @param bindUs tables from which policies hide rows from the operator's role; copies read the source, verify reads
     *     both
     * @param bindOwners tables of the target whose policies bind their owners, with the owners; none if nothing is
     *     written as them
     * @param bypasses whether the operator's role on the target isn't bound by policies
     * @param copied whether subscriptions bring the source's changes already
     * @param subscriptions those subscriptions
     */
    record Policies(
            Both<List<String>> bindUs,
            List<String> bindOwners,
            boolean bypasses,
            boolean copied,
            List<Writer> subscriptions) {
        private record Writer(String name, boolean runsAsOwner, boolean bypasses, String owner) {}

        static Policies read(Servers servers) throws ServerException {
            Both<List<String>> bindUs = servers.both(server -> server.texts(BINDS_US));
            Server target = servers.target();
            List<String> owners = target.is(RowSecurity.RUNS_AS_TABLE_OWNERS)
                    ? target.query(
                            RowSecurity.BIND_THEIR_OWNERS,
                            row -> Sql.identifier(row.getString(1)) + "." + Sql.identifier(row.getString(2))
                                    + " (owner " + row.getString(3) + ")")
                    : List.of();
            List<Writer> subscriptions = owners.isEmpty()
                    ? List.of()
                    : target.query(
                            SUBSCRIPTIONS,
                            row -> new Writer(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getString(4)),
                            servers.feeds().subscriptions());
            boolean copied = !servers.feeds().working().isEmpty();
            return new Policies(bindUs, owners, target.is(BYPASSES), copied, subscriptions);
        }
    }

    /**
     * Fails if something is written, or will be copied, under policies; otherwise warns about what verify can't see.
     */
    static Finding policies(Policies policies, Subject subject) {
        List<Finding> found = new ArrayList<>();
        for (Side side : Side.values()) {
            List<String> tables = policies.bindUs().on(side);
            Access access = subject.on(side);
            if (!tables.isEmpty()) {
                found.add(new Finding(
                        side == Side.SOURCE && !policies.copied() ? Outcome.FAIL : Outcome.WARN,
                        "on the " + side.word() + " it hides rows from " + access.role() + " in "
                                + NameLists.some(tables),
                        List.of(access.give("ALTER ROLE " + access.role() + " BYPASSRLS;"))));
            }
        }
        if (!policies.bindOwners().isEmpty()) {
            found.addAll(writing(policies, subject.target()));
        }
        return found.isEmpty() ? Finding.pass("it binds none of the roles that are used here") : Finding.worst(found);
    }

    private static List<Finding> writing(Policies policies, Access target) {
        String what = "on the target it binds the owners of " + NameLists.some(policies.bindOwners());
        if (policies.copied()) {
            return policies.subscriptions().stream()
                    .flatMap(each -> writing(what, each))
                    .toList();
        }
        return List.of(
                policies.bypasses()
                        ? Finding.pass(
                                what + ", so start makes the subscription run as " + target.role() + " (run_as_owner)")
                        : Finding.fail(
                                what + ", and neither they nor " + target.role()
                                        + " could write there for a subscription",
                                target.give("ALTER ROLE " + target.role() + " BYPASSRLS;")));
    }

    private static Stream<Finding> writing(String what, Policies.Writer writer) {
        String name = Sql.identifier(writer.name());
        String owner = Sql.identifier(writer.owner());
        Stream<Finding> asOwners = writer.runsAsOwner()
                ? Stream.empty()
                : Stream.of(Finding.fail(
                        what + ", as whom subscription " + name + " writes",
                        Remedy.onTarget("ALTER SUBSCRIPTION " + name + " SET (run_as_owner = true);")));
        Stream<Finding> bound = writer.bypasses()
                ? Stream.empty()
                : Stream.of(Finding.fail(
                        "on the target it binds " + owner + ", who owns subscription " + name,
                        Remedy.onTarget("ALTER ROLE " + owner + " BYPASSRLS;")));
        return Stream.concat(asOwners, bound);
    }
}
