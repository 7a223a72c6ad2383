package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.SessionPair;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.replication.status.ReplicationFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.PublishedTable;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SourceSubscription;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import dev.connectionregistry.admin.replication.status.ReplicationView;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Reads catalogs and statistics over JDBC. Every role may read them, except the delay that a source reports and the
 * progress of a copy: these need {@code pg_read_all_stats}, and are left out without it. For one thread.
 */
public final class PostgresReplicationView implements ReplicationView {
    private static final String APPLICATION = "registry-admin/status";
    /** How long one look may take to find out who follows whom. */
    private static final Duration PROOF = Duration.ofSeconds(4);

    private final SessionPair sessions;
    private final Session source;
    private final Session target;
    private final PostgresIdentity sourceIdentity;
    private final PostgresIdentity targetIdentity;
    private List<ProvenSubscription> followed = List.of();
    private List<RowGaps.Gap> gaps = List.of();

    private PostgresReplicationView(
            SessionPair sessions, PostgresIdentity sourceIdentity, PostgresIdentity targetIdentity) {
        this.sessions = sessions;
        this.sourceIdentity = sourceIdentity;
        this.targetIdentity = targetIdentity;
        this.source = sessions.source();
        this.target = sessions.target();
    }

    /** Logs in on both servers. */
    public static PostgresReplicationView open(Login source, Login target, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        SessionPair sessions = SessionPair.open(source, target, APPLICATION, bound);
        try {
            return new PostgresReplicationView(
                    sessions,
                    IdentityReader.of(sessions.source(), end.left()),
                    IdentityReader.of(sessions.target(), end.left()));
        } catch (ServerException | RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    private record TargetFacts(
            String version,
            List<SubscriptionFacts> subscriptions,
            List<TableProgress> tables,
            List<SlotFacts> slots,
            BlockedWorkers blocked,
            boolean readOnly) {}

    /** Counts once, and again if other subscriptions follow than before, or as long as there are gaps. */
    private List<RowGaps.Gap> gaps(List<ProvenSubscription> now, Deadline bound) throws ServerException {
        boolean same = now.equals(followed) && gaps.isEmpty();
        return same ? gaps : new LiveGaps(source, target, now).look(bound.atMost(PROOF));
    }

    private record Version(int major, String text) {}

    @Override
    public ReplicationFacts look(Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        List<ProvenSubscription> now = new FollowProof(source, target).look(followed, end.atMost(PROOF));
        gaps = gaps(now, end);
        followed = now;
        TargetFacts there = target.call("look at replication", Remedies.NONE, end.left(), this::target);
        return source.call("look at replication", Remedies.NONE, end.left(), within -> {
            List<SlotFacts> slots = slots(source, within);
            List<String> publications = publications(there.subscriptions(), slots);
            return new ReplicationFacts(
                    version(source, within).text(),
                    there.version(),
                    source.queryOne(within, ProgressSql.END, row -> row.getLong(1)),
                    slots,
                    there.subscriptions(),
                    there.tables(),
                    source.query(within, ProgressSql.PUBLISHED, PostgresReplicationView::published, publications),
                    source.query(within, ProgressSql.UNCOVERED, PostgresReplicationView::name, publications),
                    there.slots(),
                    source.query(within, ProgressSql.OWN, PostgresReplicationView::own),
                    there.blocked().withSenders(source, there.subscriptions(), within),
                    sourceIdentity,
                    targetIdentity,
                    gaps,
                    there.readOnly());
        });
    }

    private static Version version(Session session, Deadline bound) throws SQLException {
        return session.queryOne(bound, ProgressSql.VERSION, row -> new Version(row.getInt(1), row.getString(2)));
    }

    /**
     * The publications of subscriptions that read from this source: other subscriptions may use the same names on
     * another server.
     */
    private static List<String> publications(List<SubscriptionFacts> subscriptions, List<SlotFacts> slots) {
        return subscriptions.stream()
                .filter(each -> !each.readsElsewhere()
                        && slots.stream().anyMatch(slot -> slot.name().equals(each.slot())))
                .flatMap(each -> each.publications().stream())
                .distinct()
                .toList();
    }

    private static SourceSubscription own(ResultSet row) throws SQLException {
        return new SourceSubscription(row.getString(1), row.getBoolean(2), row.getString(3));
    }

    private static TableName name(ResultSet row) throws SQLException {
        return new TableName(row.getString(1), row.getString(2));
    }

    private static PublishedTable published(ResultSet row) throws SQLException {
        return new PublishedTable(name(row), row.getString(3), row.getString(4));
    }

    private static List<SlotFacts> slots(Session session, Deadline bound) throws SQLException {
        return session.query(
                bound,
                ProgressSql.SLOTS,
                row -> new SlotFacts(
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        number(row, 4),
                        number(row, 5),
                        number(row, 6),
                        row.getString(7),
                        number(row, 8),
                        millis(number(row, 9))));
    }

    private static Optional<Duration> millis(OptionalLong millis) {
        return millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty();
    }

    private static OptionalLong number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private record Worker(long subscription, int pid, long table, Optional<Duration> runsFor) {
        static final Worker NONE = new Worker(0, 0, 0, Optional.empty());
    }

    private record Errors(long apply, long copy, String conflicts) {}

    private TargetFacts target(Deadline bound) throws SQLException {
        Version version = version(target, bound);
        List<Worker> workers = target.query(
                bound,
                ProgressSql.WORKERS,
                row -> new Worker(row.getLong(1), row.getInt(2), row.getLong(3), millis(number(row, 4))));
        Map<Long, Errors> errors = errors(bound);
        List<SubscriptionFacts> subscriptions = target.query(
                bound, ProgressSql.subscriptions(version.major()), row -> subscription(row, workers, errors));
        return new TargetFacts(
                version.text(),
                subscriptions,
                tables(subscriptions, workers, version, bound),
                slots(target, bound),
                BlockedWorkers.workers(target, bound),
                target.isReadOnlyByDefault(bound));
    }

    /** The next look reports a subscription that was made after this look found out who follows whom. */
    private FollowResult following(String subscription) {
        return followed.stream()
                .filter(each -> each.subscription().name().equals(subscription))
                .map(ProvenSubscription::following)
                .findFirst()
                .orElse(new FollowResult(FollowResult.State.UNPROVEN, "was only just made"));
    }

    private SubscriptionFacts subscription(ResultSet row, List<Worker> workers, Map<Long, Errors> errors)
            throws SQLException {
        long number = row.getLong(2);
        Optional<Errors> counted = Optional.ofNullable(errors.get(number));
        Worker worker = workers.stream()
                .filter(each -> each.subscription() == number && each.table() == 0)
                .findFirst()
                .orElse(Worker.NONE);
        return new SubscriptionFacts(
                row.getString(1),
                number,
                row.getBoolean(3),
                row.getString(4),
                List.of((String[]) row.getArray(5).getArray()),
                worker.pid(),
                worker.runsFor(),
                counted.map(each -> OptionalLong.of(each.apply())).orElse(OptionalLong.empty()),
                counted.map(each -> OptionalLong.of(each.copy())).orElse(OptionalLong.empty()),
                following(row.getString(1)),
                counted.map(Errors::conflicts).orElse(""));
    }

    private Map<Long, Errors> errors(Deadline bound) throws SQLException {
        Map<Long, Errors> errors = new HashMap<>();
        if (target.queryOne(bound, ProgressSql.COUNTS_ERRORS, row -> row.getBoolean(1))) {
            target.query(
                            bound,
                            ProgressSql.ERRORS,
                            row -> Map.entry(
                                    row.getLong(1), new Errors(row.getLong(2), row.getLong(3), row.getString(4))))
                    .forEach(each -> errors.put(each.getKey(), each.getValue()));
        }
        return errors;
    }

    private record Copied(long bytes, long rows) {}

    private List<TableProgress> tables(
            List<SubscriptionFacts> subscriptions, List<Worker> workers, Version version, Deadline bound)
            throws SQLException {
        Map<Long, Copied> copied = new HashMap<>();
        if (version.major() >= 14) {
            target.query(
                            bound,
                            ProgressSql.COPIES,
                            row -> Map.entry(row.getLong(1), new Copied(row.getLong(2), row.getLong(3))))
                    .forEach(each -> copied.put(each.getKey(), each.getValue()));
        }
        return target.query(bound, ProgressSql.TABLES, row -> table(row, subscriptions, workers, copied)).stream()
                .flatMap(each -> each)
                .toList();
    }

    private static Stream<TableProgress> table(
            ResultSet row, List<SubscriptionFacts> subscriptions, List<Worker> workers, Map<Long, Copied> copied)
            throws SQLException {
        long subscription = row.getLong(1);
        long table = row.getLong(5);
        TableName name = new TableName(row.getString(2), row.getString(3));
        TableState state = TableState.of(row.getString(4));
        Optional<Copied> far = Optional.ofNullable(copied.get(table));
        return subscriptions.stream()
                .filter(each -> each.number() == subscription)
                .map(each -> new TableProgress(
                        name,
                        each.name(),
                        state,
                        workers.stream().anyMatch(one -> one.subscription() == subscription && one.table() == table),
                        far.map(one -> OptionalLong.of(one.bytes())).orElse(OptionalLong.empty()),
                        far.map(one -> OptionalLong.of(one.rows())).orElse(OptionalLong.empty())));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
