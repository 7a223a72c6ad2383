package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.SameServer;
import dev.connectionregistry.admin.postgres.SchemaReader;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.Timeouts;
import dev.connectionregistry.admin.postgres.TriggerStates;
import dev.connectionregistry.admin.replication.plan.TableFacts;
import dev.connectionregistry.admin.replication.server.Publications;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServer.LockHolder;
import dev.connectionregistry.admin.replication.server.ReplicationServer.Pressure;
import dev.connectionregistry.admin.replication.server.Rights;
import dev.connectionregistry.admin.replication.server.Slots;
import dev.connectionregistry.admin.replication.server.Subscriptions;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One end of a replication, over one session. For one thread, except {@link #cancel}. */
public final class PostgresReplicationServer implements ReplicationServer {
    private static final String APPLICATION = "registry-admin/replication";

    private final Endpoint endpoint;
    private final Session session;
    private final PostgresIdentity identity;
    private final Function<ServerLogin, Login> logins;

    private PostgresReplicationServer(
            Endpoint endpoint, Session session, PostgresIdentity identity, Function<ServerLogin, Login> logins) {
        this.endpoint = endpoint;
        this.session = session;
        this.identity = identity;
        this.logins = logins;
    }

    /**
     * Logs in.
     *
     * @param logins finds passwords: for this login, and for those that subscriptions are given
     */
    public static PostgresReplicationServer open(ServerLogin login, Function<ServerLogin, Login> logins, Duration bound)
            throws ServerException {
        Deadline end = Deadline.of(bound);
        Session session = Session.open(logins.apply(login), APPLICATION, bound);
        try {
            return new PostgresReplicationServer(
                    login.endpoint(), session, IdentityReader.of(session, end.left()), logins);
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public Optional<LockHolder> lock(String name, String run, Duration bound) throws ServerException {
        return new ReplicationAdvisoryLock(session).take(name, run, bound);
    }

    @Override
    public PostgresIdentity identity() {
        return identity;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public List<String> schemaLines(Duration bound) throws ServerException {
        return new SchemaReader(session).lines(bound);
    }

    @Override
    public List<TableFacts> tables(Duration bound) throws ServerException {
        return new TableFactsReader(session).tables(bound);
    }

    @Override
    public Map<TableName, String> extensionTables(Duration bound) throws ServerException {
        return new TableFactsReader(session).ofExtensions(bound);
    }

    @Override
    public Optional<Duration> counting(Duration bound) throws ServerException {
        return new TableFactsReader(session).counting(bound);
    }

    @Override
    public boolean isEmpty(TableName table, Duration bound) throws ServerException {
        return session.ask(
                        "look whether " + table + " is empty",
                        Remedies.READ_TABLE,
                        bound,
                        "SELECT NOT EXISTS (SELECT FROM " + table.sql() + ")",
                        row -> row.getBoolean(1))
                .get(0);
    }

    @Override
    public Pressure pressure(Duration bound) throws ServerException {
        return new PressureReader(session).read(bound);
    }

    @Override
    public List<String> setTriggersAside(Duration bound) throws ServerException {
        return session.call(
                "look for triggers",
                Remedies.NONE,
                bound,
                end -> TriggerStates.firingForReplicatedRows(session, end).stream()
                        .map(TriggerStates.Trigger::aside)
                        .toList());
    }

    @Override
    public List<String> timeouts(Duration bound) throws ServerException {
        return session.ask(
                "ask which timeouts there are",
                bound,
                "SELECT name FROM pg_catalog.pg_settings WHERE name = ANY (?::text[]) ORDER BY 1",
                row -> row.getString(1),
                Timeouts.OF_SESSIONS);
    }

    @Override
    public boolean isSameAs(ReplicationServer other, Duration bound) throws ServerException {
        return other instanceof PostgresReplicationServer known
                && SameServer.sameDatabase(session, known.session(), bound);
    }

    /** This object still closes it. */
    Session session() {
        return session;
    }

    @Override
    public Rights rights() {
        return new PostgresRights(session);
    }

    @Override
    public Publications publications() {
        return new PostgresPublications(session, identity.major());
    }

    @Override
    public Slots slots() {
        return new PostgresSlots(session);
    }

    @Override
    public Subscriptions subscriptions() {
        return new PostgresSubscriptions(session, identity.major(), new ConnectionText(logins, identity.major()));
    }

    @Override
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
