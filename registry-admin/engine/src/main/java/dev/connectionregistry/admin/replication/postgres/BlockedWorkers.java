package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.status.BlockedWorker;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Processes of a replication that wait for locks. Immutable. */
public final class BlockedWorkers {
    private static final String TABLES = """
            SELECT c.oid::bigint, n.nspname, c.relname FROM pg_catalog.pg_subscription_rel r
            JOIN pg_catalog.pg_class c ON c.oid = r.srrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace""";

    private final List<BlockedWorker> workers;
    private final Map<Long, TableName> tables;

    private BlockedWorkers(List<BlockedWorker> workers, Map<Long, TableName> tables) {
        this.workers = workers;
        this.tables = tables;
    }

    /** The subscriptions' workers on the target; {@code session} must not be in a transaction that failed. */
    public static BlockedWorkers workers(Session target, Deadline bound) throws SQLException {
        Map<Long, TableName> tables = target
                .query(
                        bound,
                        TABLES,
                        row -> Map.entry(row.getLong(1), new TableName(row.getString(2), row.getString(3))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
        return new BlockedWorkers(
                target.query(bound, ProgressSql.BLOCKED_WORKERS, row -> worker(row, true, tables)), tables);
    }

    /**
     * Which workers of the target wait for whom, and what to do; empty if none waits, or if that can't be found out
     * within the bound.
     */
    public static String text(Session target, Deadline bound) throws ServerException {
        return target.call("look who waits for locks", Remedies.NONE, bound.left(), end -> {
            try {
                return workers(target, end).all().stream()
                        .map(each -> each.text() + " (" + each.remedy() + ")")
                        .collect(Collectors.joining("; "));
            } catch (SQLException e) {
                if (PostgresErrors.isLoss(e)) {
                    throw e;
                }
                return "";
            }
        });
    }

    public List<BlockedWorker> all() {
        return workers;
    }

    /** With the source's processes that send to these subscriptions. */
    List<BlockedWorker> withSenders(Session source, List<SubscriptionFacts> subscriptions, Deadline bound)
            throws SQLException {
        List<BlockedWorker> all = new ArrayList<>(workers);
        source.query(
                bound,
                ProgressSql.BLOCKED_SENDERS,
                row -> sends(row, subscriptions) && all.add(worker(row, false, tables)));
        return all;
    }

    private boolean sends(ResultSet row, List<SubscriptionFacts> subscriptions) throws SQLException {
        String application = row.getString(1);
        return tables.containsKey(row.getLong(2))
                || subscriptions.stream().anyMatch(each -> each.name().equals(application));
    }

    private static BlockedWorker worker(ResultSet row, boolean onTarget, Map<Long, TableName> tables)
            throws SQLException {
        long table = row.getLong(2);
        return new BlockedWorker(
                table == 0 ? row.getString(1) : "",
                table == 0
                        ? (onTarget ? "the worker" : "the sender") + " of subscription \"" + row.getString(1) + '"'
                        : "the copy of " + (tables.containsKey(table) ? tables.get(table) : "a table"),
                onTarget,
                Duration.ofSeconds(Math.max(0, row.getLong(3))),
                row.getString(4),
                row.getString(5),
                Arrays.stream(row.getString(6).split(",")).map(Integer::valueOf).toList());
    }
}
