package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Publications;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The publications over one session. */
final class PostgresPublications implements Publications {
    private static final int VIA_ROOT = 13;
    private static final int FILTERS = 15;
    private static final String NAMES = """
            SELECT p.pubname, coalesce((to_jsonb(p) ->> 'pubviaroot')::boolean, false)
            FROM pg_catalog.pg_publication p
            ORDER BY 1
            """;
    /**
     * A catalog row is certainly older than the slot if its transaction is older than all transactions that the slot
     * may have to decode.
     */
    private static final String YOUNGER = """
            SELECT what
            FROM (
              SELECT 'the publication' AS what, p.xmin AS made
              FROM pg_catalog.pg_publication p
              WHERE p.pubname = ?
              UNION ALL
              SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), r.xmin
              FROM pg_catalog.pg_publication_rel r
              JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
              JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE p.pubname = ?
            ) AS parts
            JOIN pg_catalog.pg_replication_slots s ON s.slot_name = ?
            WHERE age(parts.made) <= age(s.catalog_xmin)
            ORDER BY 1
            """;

    private static final String TABLES = """
            SELECT p.pubname, n.nspname, c.relname, ${filter}
            FROM pg_catalog.pg_publication_rel r
            JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
            JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            """;

    private static final String HAS = """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_publication_rel r
              JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
              JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE p.pubname = ? AND n.nspname = ? AND c.relname = ?
            )
            """;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int LOCK_MILLIS = 300;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String RIGHT = "a publication needs CREATE on the database, and each table's owner, or"
            + " membership in it, to add the table";

    private final Session session;
    private final int major;

    PostgresPublications(Session session, int major) {
        this.session = session;
        this.major = major;
    }

    @Override
    public List<Publication> all(Duration bound) throws ServerException {
        return session.call("list publications", "", bound, end -> {
            Map<String, Map<TableName, String>> tables = tables(end);
            return session.query(end, NAMES, row -> {
                String name = row.getString(1);
                return new Publication(name, row.getBoolean(2), tables.getOrDefault(name, Map.of()));
            });
        });
    }

    private Map<String, Map<TableName, String>> tables(Deadline end) throws SQLException {
        String filter = major >= FILTERS ? "coalesce(pg_catalog.pg_get_expr(r.prqual, r.prrelid), '')" : "''";
        Map<String, Map<TableName, String>> tables = new LinkedHashMap<>();
        session.query(end, TABLES.replace("${filter}", filter), row -> tables.computeIfAbsent(
                        row.getString(1), name -> new LinkedHashMap<>())
                .put(new TableName(row.getString(2), row.getString(3)), row.getString(4)));
        return tables;
    }

    @Override
    public void create(String name, boolean viaRoot, Duration bound) throws ServerException {
        String with = major >= VIA_ROOT ? " WITH (publish_via_partition_root = " + viaRoot + ")" : "";
        execute("make publication " + name, "CREATE PUBLICATION " + Sql.identifier(name) + with, bound);
    }

    @Override
    public void createSlice(String name, boolean viaRoot, TableName table, String condition, Duration bound)
            throws ServerException {
        execute(
                "make publication " + name + " of a slice of " + table,
                String.format(Locale.ROOT, """
                        CREATE PUBLICATION %s
                        FOR TABLE %s WHERE (%s)
                        WITH (publish = 'insert, update, delete', publish_via_partition_root = %s)
                        """, Sql.identifier(name), only(table), condition, viaRoot),
                bound);
    }

    @Override
    public void add(String name, TableName table, Duration bound) throws ServerException {
        session.call(adding(name, table), RIGHT, bound, end -> {
            int version =
                    session.queryOne(end, "SELECT current_setting('server_version_num')::int", row -> row.getInt(1));
            if (AddTableLoss.in(version)) {
                addLocked(addTable(name, table), table, end);
            } else {
                session.execute(end, addTable(name, table));
            }
            return true;
        });
    }

    @Override
    public void addAfterWriters(String name, TableName table, Duration bound) throws ServerException {
        session.call(adding(name, table), RIGHT, bound, end -> {
            boolean there = session.queryOne(end, HAS, row -> row.getBoolean(1), name, table.schema(), table.name());
            addLocked(there ? "" : addTable(name, table), table, end);
            return true;
        });
    }

    private static String adding(String name, TableName table) {
        return "add " + table + " to publication " + name;
    }

    private static String addTable(String name, TableName table) {
        return "ALTER PUBLICATION " + Sql.identifier(name) + " ADD TABLE " + only(table);
    }

    /**
     * Adds the table under a lock or, if {@code sql} is empty and it was added before, only takes the lock. Writers of
     * the table wait meanwhile: for a moment, and no longer even if another session is in the way.
     */
    private void addLocked(String sql, TableName table, Deadline end)
            throws SQLException, ServerException, InterruptedException {
        while (true) {
            try {
                session.inTransaction(end, within -> {
                    session.execute(within, "SET LOCAL lock_timeout = " + LOCK_MILLIS);
                    session.execute(within, "LOCK TABLE " + table.sql() + " IN SHARE ROW EXCLUSIVE MODE");
                    if (!sql.isEmpty()) {
                        session.execute(within, sql);
                    }
                    return true;
                });
                return;
            } catch (SQLException e) {
                if (!PostgresErrors.state(e).equals(LOCK_NOT_AVAILABLE) || end.passed()) {
                    throw e;
                }
            }
            end.pause(PAUSE);
        }
    }

    /** Tables that inherit from it are published by themselves. A partitioned table can be named this way as well. */
    private static String only(TableName table) {
        return "ONLY " + table.sql();
    }

    @Override
    public void drop(String name, Duration bound) throws ServerException {
        execute("drop publication " + name, "DROP PUBLICATION IF EXISTS " + Sql.identifier(name), bound);
    }

    @Override
    public List<String> youngerThan(String slot, String publication, Duration bound) throws ServerException {
        return session.ask(
                "compare the age of slot " + slot + " and publication " + publication,
                bound,
                YOUNGER,
                row -> row.getString(1),
                publication,
                publication,
                slot);
    }

    private void execute(String what, String sql, Duration bound) throws ServerException {
        session.call(what, RIGHT, bound, end -> {
            session.execute(end, sql);
            return true;
        });
    }

    /**
     * Which servers lose changes if a table is added to a publication while a transaction is open that has written to
     * it: a decoder that has already looked up the table skips what that transaction writes afterwards. Fixed in May
     * 2025, in the versions that were still supported then; on the others the table must be locked against writers
     * during the statement.
     */
    static final class AddTableLoss {
        /** The first minor release with the fix, by major. */
        private static final Map<Integer, Integer> REPAIRED = Map.of(13, 21, 14, 18, 15, 13, 16, 9, 17, 5);

        private static final int NEVER_HAD_IT = 18;

        private AddTableLoss() {}

        /** Whether a server of this {@code server_version_num} loses changes. */
        static boolean in(int version) {
            int major = version / 10_000;
            if (major >= NEVER_HAD_IT) {
                return false;
            }
            Integer repaired = REPAIRED.get(major);
            return repaired == null || version % 10_000 < repaired;
        }
    }
}
