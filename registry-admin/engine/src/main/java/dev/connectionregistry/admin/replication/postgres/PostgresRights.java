package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Capacity;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.RowSecurity;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.ForeignOwner.How;
import dev.connectionregistry.admin.replication.server.Rights;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the server about rights. Superusers have them all, so they can lack only what isn't a right. */
final class PostgresRights implements Rights {
    /** A table as {@code c} with its schema as {@code n}, for each of these names. */
    private static final String TABLES = """
            FROM unnest(?::text[], ?::text[]) AS t (s, r)
            JOIN pg_catalog.pg_namespace n ON n.nspname = t.s
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.r
            """;
    /** The words after "to", and the statement, for a role and tables that it can't read. */
    private static final String UNREAD = String.format(Locale.ROOT, """
            WITH w AS (SELECT ?::name AS role), t AS (SELECT n.nspname, c.relname, c.oid %s)
            SELECT DISTINCT pg_catalog.format('read tables of schema %%I', t.nspname),
                   pg_catalog.format('GRANT USAGE ON SCHEMA %%I TO %%I', t.nspname, w.role)
            FROM t, w WHERE NOT pg_catalog.has_schema_privilege(w.role, t.nspname::text, 'USAGE')
            UNION ALL
            SELECT pg_catalog.format('read %%I.%%I for the copy', t.nspname, t.relname),
                   pg_catalog.format('GRANT SELECT ON %%I.%%I TO %%I', t.nspname, t.relname, w.role)
            FROM t, w WHERE NOT pg_catalog.has_table_privilege(w.role, t.oid, 'SELECT')
            """, TABLES);
    /** Tables whose policies bind a role. */
    private static final String BINDS_ROLE = String.format(Locale.ROOT, """
            SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname)
            %s JOIN pg_catalog.pg_roles r ON r.rolname = ?
            WHERE %s
            ORDER BY 1
            """, TABLES, RowSecurity.binds("c", "r"));
    /** Tables whose policies bind their own owner, and the owner, if the session's role is bound too. */
    private static final String BINDS_OWNER = String.format(Locale.ROOT, """
            SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname), pg_catalog.quote_ident(o.rolname)
            %s JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
            JOIN pg_catalog.pg_roles m ON m.rolname = current_user
            WHERE NOT (m.rolsuper OR m.rolbypassrls) AND %s
            ORDER BY 1
            """, TABLES, RowSecurity.binds("c", "o"));

    private final Session session;

    PostgresRights(Session session) {
        this.session = session;
    }

    @Override
    public List<MissingRight> toPublish(Collection<TableName> tables, int slots, Duration bound)
            throws ServerException {
        return ask(bound, end -> {
            List<MissingRight> missing = new ArrayList<>(decoding(end));
            missing.addAll(freeSlots(end, slots));
            RoleRights role = RoleRights.ofOurs(session, end);
            missing.addAll(role.toCreate("make publications"));
            missing.addAll(role.toReplicate());
            missing.addAll(owners(end, "publish", How.USAGE, tables, role));
            return missing;
        });
    }

    @Override
    public List<MissingRight> toBeReadBy(String role, Collection<TableName> tables, Duration bound)
            throws ServerException {
        return ask(bound, end -> {
            Optional<RoleRights> rights = RoleRights.of(session, end, role);
            if (rights.isEmpty()) {
                return List.of(MissingRight.room(
                        "subscribe as " + role,
                        "CREATE ROLE " + Sql.identifier(role) + " LOGIN REPLICATION PASSWORD ..."));
            }
            List<MissingRight> missing = new ArrayList<>(rights.get().toReplicate());
            missing.addAll(rights.get().toConnect());
            missing.addAll(session.query(
                    end,
                    UNREAD,
                    row -> MissingRight.of(role, row.getString(1), row.getString(2)),
                    role,
                    schemas(tables),
                    names(tables)));
            session.query(end, BINDS_ROLE, row -> row.getString(1), schemas(tables), names(tables), role)
                    .forEach(table -> missing.add(MissingRight.of(
                            role,
                            "copy all rows of " + table + ", some of which its row security may hide",
                            bypass(Sql.identifier(role)))));
            return missing;
        });
    }

    @Override
    public List<MissingRight> toSubscribe(
            Collection<TableName> tables, int subscriptions, boolean passfile, Duration bound) throws ServerException {
        return ask(bound, end -> {
            RoleRights role = RoleRights.ofOurs(session, end);
            List<MissingRight> missing = new ArrayList<>(role.toHandPasswordOver());
            missing.addAll(freeWorkers(end, subscriptions));
            missing.addAll(role.toSubscribe());
            if (role.major() < SupportedMajors.SUBSCRIBING_ROLE) {
                missing.addAll(boundItself(end, tables, role));
                return missing;
            }
            missing.addAll(owners(end, "write to", How.SET, tables, role));
            missing.addAll(boundOwners(end, tables, role));
            if (passfile && !role.superuser()) {
                missing.add(MissingRight.room(
                        "subscribe with a passfile, which only superusers may: other roles must pass a password",
                        "leave --connection-option passfile=... out, or use --target-admin-username with a superuser"));
            }
            return missing;
        });
    }

    @Override
    public boolean isReadOnlyByDefault(Duration bound) throws ServerException {
        return session.call("look at the rights", Remedies.NONE, bound, session::isReadOnlyByDefault);
    }

    private List<MissingRight> ask(Duration bound, Session.Work<List<MissingRight>> work) throws ServerException {
        return session.call("look at the rights", Remedies.NONE, bound, work);
    }

    private List<MissingRight> decoding(Deadline end) throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        session.query(end, Decoding.SETTINGS, row -> settings.put(row.getString(1), row.getString(2)));
        return Decoding.isPossible(settings)
                ? List.of()
                : List.of(MissingRight.room(
                        "make logical slots, and " + Decoding.words(settings),
                        Decoding.MAKE_POSSIBLE + ", then restart the server (on RDS: " + Decoding.ON_RDS + ")"));
    }

    private List<MissingRight> freeSlots(Deadline end, int slots) throws SQLException {
        Capacity room = Capacity.ofSource(session, end, "max_replication_slots", slots);
        return room.free() >= slots
                ? List.of()
                : List.of(MissingRight.room(
                        "make more slots (" + slots + "), and there is room for " + room.free(),
                        "ALTER SYSTEM SET " + room.setting() + " = " + (room.used() + slots + 4)
                                + ", and max_wal_senders as much, then restart the server"));
    }

    /** Each subscription has one permanent worker, and one more while it copies. */
    private List<MissingRight> freeWorkers(Deadline end, int subscriptions) throws SQLException {
        if (subscriptions == 0) {
            return List.of();
        }
        return Capacity.ofTarget(session, end, subscriptions, 1).stream()
                .filter(each -> each.free() < each.wanted())
                .min(Comparator.comparing(Capacity::free))
                .map(each -> MissingRight.room(
                        "run " + each.wanted() + " more replication workers, and " + each.setting()
                                + " leaves room for " + Math.max(0, each.free()),
                        "ALTER SYSTEM SET " + each.setting() + " = " + (each.used() + each.wanted() + 2)
                                + ", then restart the server"))
                .stream()
                .toList();
    }

    private List<MissingRight> owners(Deadline end, String verb, How how, Collection<TableName> tables, RoleRights us)
            throws SQLException {
        return ForeignOwner.of(session, end, how, tables).stream()
                .map(each -> owner(verb, each, us.name()))
                .toList();
    }

    private static MissingRight owner(String verb, ForeignOwner owner, String us) {
        String what =
                verb + " tables of " + owner.name() + ", such as " + owner.table() + " (" + owner.tables() + " in all)";
        return owner.superuser()
                ? MissingRight.room(what, owner.otherOwner())
                : MissingRight.of(us, what, owner.grant(Sql.identifier(us)));
    }

    /** From 16 on a subscription writes as the tables' owners, or as its own owner if policies bind these. */
    private List<MissingRight> boundOwners(Deadline end, Collection<TableName> tables, RoleRights us)
            throws SQLException {
        return session.query(
                end,
                BINDS_OWNER,
                row -> MissingRight.of(
                        us.name(),
                        "write to " + row.getString(1) + ", whose row security binds its own owner " + row.getString(2),
                        bypass(Sql.identifier(us.name()))),
                schemas(tables),
                names(tables));
    }

    /** Before 16, it writes as its own owner. */
    private List<MissingRight> boundItself(Deadline end, Collection<TableName> tables, RoleRights us)
            throws SQLException {
        return session.query(
                end,
                BINDS_ROLE,
                row -> MissingRight.of(
                        us.name(),
                        "write to " + row.getString(1) + ", whose row security binds this role",
                        bypass(Sql.identifier(us.name()))),
                schemas(tables),
                names(tables),
                us.name());
    }

    private static String bypass(String role) {
        return "ALTER ROLE " + role + " BYPASSRLS";
    }

    private static List<String> schemas(Collection<TableName> tables) {
        return tables.stream().map(TableName::schema).toList();
    }

    private static List<String> names(Collection<TableName> tables) {
        return tables.stream().map(TableName::name).toList();
    }
}
