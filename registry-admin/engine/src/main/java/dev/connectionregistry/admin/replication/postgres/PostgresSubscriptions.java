package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.RowSecurity;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Subscriptions;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The subscriptions over one session. */
final class PostgresSubscriptions implements Subscriptions {
    private static final int STREAMING = 14;
    private static final int OID_FOR_EVERYBODY = 14;
    private static final String HERE =
            "s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
    private static final String ALL = """
            SELECT ${id}, s.subname, s.subenabled, coalesce(s.subslotname, ''),
              array_to_string(s.subpublications, chr(10))
            FROM pg_catalog.pg_subscription s
            WHERE ${HERE}
            ORDER BY s.subname
            """.replace("${HERE}", HERE);
    private static final String APPLIER = """
            SELECT coalesce(max(w.pid), 0)
            FROM pg_catalog.pg_stat_subscription w
            JOIN pg_catalog.pg_subscription s ON s.oid = w.subid
            WHERE s.subname = ? AND w.relid IS NULL AND to_jsonb(w) ->> 'leader_pid' IS NULL AND ${HERE}
            """.replace("${HERE}", HERE);

    private final Session session;
    private final int major;
    private final ConnectionText connections;
    private final SubscriptionRemedy remedy;

    PostgresSubscriptions(Session session, int major, ConnectionText connections) {
        this.session = session;
        this.major = major;
        this.connections = connections;
        this.remedy = SubscriptionRemedy.of(session.login(), major);
    }

    @Override
    public List<Subscription> all(Duration bound) throws ServerException {
        String id = major >= OID_FOR_EVERYBODY ? "s.oid::bigint" : "0::bigint";
        return session.ask(
                "list subscriptions",
                "GRANT SELECT ON pg_subscription TO the run's role",
                bound,
                ALL.replace("${id}", id),
                row -> new Subscription(
                        row.getLong(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getString(4),
                        List.of(row.getString(5).split("\n", -1))));
    }

    @Override
    public List<Long> everyId(Duration bound) throws ServerException {
        if (major < OID_FOR_EVERYBODY) {
            return List.of();
        }
        return session.ask(
                "list subscriptions",
                bound,
                "SELECT oid::bigint FROM pg_catalog.pg_subscription",
                row -> row.getLong(1));
    }

    /**
     * Uses two statements: the first gives a warning, which would contain its whole text if it were executed from a
     * block; the second, which contains the password, gives none. In between the subscription is disabled and has no
     * slot, so nothing uses the first connection string.
     */
    @Override
    public void create(String name, String publication, SubscriberLogin login, Duration bound) throws ServerException {
        execute(
                "make subscription " + name,
                String.format(
                        Locale.ROOT,
                        """
                        CREATE SUBSCRIPTION %s
                        CONNECTION 'host=to.be.set password=none'
                        PUBLICATION %s
                        WITH (connect = false, enabled = false, create_slot = false, slot_name = NONE%s%s)
                        """,
                        Sql.identifier(name),
                        Sql.identifier(publication),
                        streaming(),
                        asItself(bound)),
                remedy.toMake(),
                bound);
        connect(name, login, bound);
    }

    @Override
    public void createFollowing(String name, String publication, String slot, SubscriberLogin login, Duration bound)
            throws ServerException {
        secretly(
                "make subscription " + name + " on slot " + slot,
                String.format(
                        Locale.ROOT,
                        """
                        CREATE SUBSCRIPTION %s
                        CONNECTION %%L
                        PUBLICATION %s
                        WITH (enabled = false, create_slot = false, copy_data = false, slot_name = %s%s%s)
                        """,
                        template(name),
                        template(publication),
                        template(slot),
                        streaming(),
                        asItself(bound)),
                remedy.toMake(),
                login,
                bound);
    }

    @Override
    public void connect(String name, SubscriberLogin login, Duration bound) throws ServerException {
        secretly(
                "change the connection of subscription " + name,
                "ALTER SUBSCRIPTION " + template(name) + " CONNECTION %L",
                remedy.toChange(),
                login,
                bound);
    }

    /** A transaction that is streamed while it is open would skip tables that are new in it. */
    private String streaming() {
        return major >= STREAMING ? ", streaming = off" : "";
    }

    private String asItself(Duration bound) throws ServerException {
        return writtenAsSubscriber(bound).isEmpty() ? "" : ", run_as_owner = true";
    }

    @Override
    public List<TableName> writtenAsSubscriber(Duration bound) throws ServerException {
        return session.call("look whom row security binds", "", bound, end -> {
            if (!session.queryOne(end, RowSecurity.RUNS_AS_TABLE_OWNERS, row -> row.getBoolean(1))) {
                return List.of();
            }
            return session
                    .query(
                            end,
                            RowSecurity.BIND_THEIR_OWNERS,
                            row -> row.getBoolean(4)
                                    ? Optional.of(new TableName(row.getString(1), row.getString(2)))
                                    : Optional.<TableName>empty())
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
        });
    }

    private static String template(String name) {
        return Sql.identifier(name).replace("%", "%%");
    }

    private void secretly(String what, String template, String next, SubscriberLogin login, Duration bound)
            throws ServerException {
        String connection = connections.of(login);
        session.call(what, next, bound, end -> {
            new SecretStatement(session).execute(template, connection, end);
            return true;
        });
    }

    @Override
    public void useSlot(String name, String slot, Duration bound) throws ServerException {
        alter(name, "SET (slot_name = " + Sql.identifier(slot) + ")", bound);
    }

    @Override
    public void enable(String name, Duration bound) throws ServerException {
        alter(name, "ENABLE", bound);
    }

    @Override
    public void disable(String name, Duration bound) throws ServerException {
        alter(name, "DISABLE", bound);
    }

    @Override
    public void refresh(String name, boolean copy, Duration bound) throws ServerException {
        alter(name, "REFRESH PUBLICATION WITH (copy_data = " + copy + ")", bound);
    }

    @Override
    public void drop(String name, Duration bound) throws ServerException {
        alter(name, "SET (slot_name = NONE)", bound);
        execute(
                "drop subscription " + name,
                "DROP SUBSCRIPTION IF EXISTS " + Sql.identifier(name),
                remedy.toChange(),
                bound);
    }

    private void alter(String name, String how, Duration bound) throws ServerException {
        execute(
                "alter subscription " + name + " (" + how + ")",
                "ALTER SUBSCRIPTION " + Sql.identifier(name) + " " + how,
                remedy.toChange(),
                bound);
    }

    private void execute(String what, String sql, String next, Duration bound) throws ServerException {
        session.call(what, next, bound, end -> {
            session.execute(end, sql);
            return true;
        });
    }

    @Override
    public List<SubscribedTable> states(String name, Duration bound) throws ServerException {
        return session.ask(
                "look at the tables of subscription " + name,
                remedy.toChange(),
                bound,
                StateQuery.of(major),
                PostgresSubscriptions::state,
                name);
    }

    private static SubscribedTable state(ResultSet row) throws SQLException {
        return new SubscribedTable(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(3).charAt(0),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getBoolean(7));
    }

    @Override
    public long copyErrors(String name, Duration bound) throws ServerException {
        return errors("ask how often copies failed", SubscriptionErrors.copying(SubscriptionErrors.VIEW), name, bound);
    }

    @Override
    public long applyErrors(String name, Duration bound) throws ServerException {
        return errors(
                "ask how often applying changes failed",
                SubscriptionErrors.applying(SubscriptionErrors.VIEW),
                name,
                bound);
    }

    @Override
    public int applier(String name, Duration bound) throws ServerException {
        return session.askOne("ask who applies changes", bound, APPLIER, row -> row.getInt(1), name);
    }

    private long errors(String what, String count, String name, Duration bound) throws ServerException {
        return session.call(what, "", bound, end -> {
            boolean counted = session.queryOne(
                    end, SubscriptionErrors.IS_COUNTED, row -> row.getBoolean(1), SubscriptionErrors.VIEW);
            return counted ? session.queryOne(end, count, row -> row.getLong(1), name) : -1L;
        });
    }

    @Override
    public FollowResult following(String name, ReplicationServer publisher, Duration bound) throws ServerException {
        if (!(publisher instanceof PostgresReplicationServer known)) {
            throw new IllegalArgumentException("the publisher is no Postgres server");
        }
        return new FollowProof(known.session(), session)
                .look(Deadline.of(bound)).stream()
                        .filter(each -> each.subscription().name().equals(name))
                        .map(ProvenSubscription::following)
                        .findFirst()
                        .orElseThrow(() -> new ServerException(
                                ServerException.Kind.NOT_SO,
                                "there is no subscription " + name + " on "
                                        + session.login().endpoint(),
                                null));
    }

    @Override
    public int copiesAtATime(Duration bound) throws ServerException {
        return session.call(
                "ask how many tables are copied at a time",
                "",
                bound,
                end -> setting(end, "max_sync_workers_per_subscription"));
    }

    private int setting(Deadline end, String name) throws SQLException {
        return session.queryOne(end, "SELECT current_setting(?)::int", row -> row.getInt(1), name);
    }
}
