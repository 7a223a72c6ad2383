package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.verify.SideQuery;
import dev.connectionregistry.admin.replication.verify.TableShape;
import dev.connectionregistry.admin.replication.verify.TableSide;
import dev.connectionregistry.admin.replication.verify.TableSide.Bucket;
import dev.connectionregistry.admin.replication.verify.TableSide.KeyRow;
import dev.connectionregistry.admin.replication.verify.TableSide.KeylessTable;
import dev.connectionregistry.admin.replication.verify.TableSide.RowVersion;
import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One server over JDBC. Its session has settings under which values of most types have the same text on every server;
 * it sees all rows or fails (policies may not hide any), uses one process, and ends soon after its client if the server
 * supports that.
 */
final class PostgresTableSide implements TableSide {
    private static final String APPLICATION = "registry-admin/verify";
    private static final String SETTINGS = """
            SET search_path = pg_catalog;
            SET DateStyle = 'ISO, YMD';
            SET IntervalStyle = postgres;
            SET TimeZone = 'UTC';
            SET bytea_output = hex;
            SET extra_float_digits = 3;
            SET xmloption = content;
            SET row_security = off;
            SET default_transaction_isolation = 'read committed';
            SET max_parallel_workers_per_gather = 0;
            SELECT set_config(name, CASE name WHEN 'jit' THEN 'off' ELSE '2s' END, false)
            FROM pg_settings
            WHERE name IN ('jit', 'client_connection_check_interval')
            """;
    private static final String LOCKS = "SET lock_timeout = '10s'";

    private final Session session;
    private final int pid;
    private boolean reading;

    private PostgresTableSide(Session session, int pid) {
        this.session = session;
        this.pid = pid;
    }

    /** Logs in; needs SELECT on the tables. */
    static PostgresTableSide open(Login login, Duration bound) throws ServerException {
        Session session = Session.open(login, APPLICATION, bound);
        try {
            int pid = session.call("prepare to read tables", Remedies.NONE, bound, end -> {
                session.execute(end, SETTINGS);
                return session.pid();
            });
            return new PostgresTableSide(session, pid);
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public List<TableShape> tables(Duration bound) throws ServerException {
        return session.call("read the catalogs", Remedies.NONE, bound, end -> new ShapeReader(session).read(end));
    }

    private <T> T read(SideQuery query, Duration bound, Session.Work<T> work) throws ServerException {
        return session.call("read " + query.table(), remedy(query), bound, end -> {
            session.execute(end, LOCKS);
            return work.run(end);
        });
    }

    private String remedy(SideQuery query) {
        String role = "\"" + session.login().username().replace("\"", "\"\"") + "\"";
        return "grant it with: GRANT SELECT ON " + query.table().sql() + " TO " + role
                + " (and USAGE on its schema; where row security hides rows: ALTER ROLE " + role + " BYPASSRLS)";
    }

    @Override
    public Map<Integer, Bucket> buckets(SideQuery query, int count, Sampling sampling, Duration bound)
            throws ServerException {
        Map<Integer, Bucket> buckets = new HashMap<>();
        read(
                query,
                bound,
                end -> session.query(
                        end,
                        new RowSql(query).buckets(count, sampling),
                        row -> buckets.put(row.getInt(1), new Bucket(row.getLong(2), row.getString(3))) == null));
        return buckets;
    }

    @Override
    public KeylessTable whole(SideQuery query, Duration bound) throws ServerException {
        return read(
                query,
                bound,
                end -> session.queryOne(
                        end,
                        new RowSql(query).whole(),
                        row -> new KeylessTable(new Bucket(row.getLong(1), row.getString(2)), row.getString(3))));
    }

    @Override
    public void openKeys(SideQuery query, int count, List<Integer> buckets, Sampling sampling, Duration bound)
            throws ServerException {
        read(query, bound, end -> {
            session.execute(end, new RowSql(query).declareKeys(count, buckets, sampling));
            reading = true;
            return true;
        });
    }

    @Override
    public List<KeyRow> nextKeys(int atMost, Duration bound) throws ServerException {
        return session.ask(
                "read keys",
                bound,
                RowSql.fetchKeys(atMost),
                row -> new KeyRow(
                        row.getString(1), List.of((String[]) row.getArray(2).getArray()), row.getString(3)));
    }

    @Override
    public void closeKeys(Duration bound) throws ServerException {
        if (reading) {
            reading = false;
            session.call("end reading keys", Remedies.NONE, bound, end -> {
                session.execute(end, "CLOSE " + RowSql.CURSOR);
                return true;
            });
        }
    }

    @Override
    public Map<Integer, RowVersion> rows(SideQuery query, List<List<String>> keys, Duration bound)
            throws ServerException {
        Map<Integer, RowVersion> found = new HashMap<>();
        read(query, bound, end -> {
            Object[] columns = columns(keys, query.keyColumns().size());
            return session.query(
                    end,
                    new RowSql(query).rows(),
                    row -> found.merge(
                                    row.getInt(1), new RowVersion(row.getString(2), row.getString(3)), RowVersion::and)
                            != null,
                    columns);
        });
        return found;
    }

    private static Object[] columns(List<List<String>> keys, int count) {
        Object[] columns = new Object[count];
        for (int i = 0; i < count; i++) {
            List<String> values = new ArrayList<>();
            for (List<String> key : keys) {
                values.add(key.get(i));
            }
            columns[i] = values;
        }
        return columns;
    }

    @Override
    public void cancel(Duration bound) {
        try (Session other = Session.open(session.login(), APPLICATION, bound)) {
            other.askOne("cancel", bound, "SELECT pg_cancel_backend(?)", row -> row.getBoolean(1), pid);
        } catch (ServerException e) {
            // the statement has a bound of its own, and ends with its client if the server supports that
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
