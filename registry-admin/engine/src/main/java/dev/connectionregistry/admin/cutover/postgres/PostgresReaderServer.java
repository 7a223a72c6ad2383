package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/**
 * A standby, or a primary, over JDBC. Its session outlives a promotion, so each look asks for everything that a
 * promotion changes.
 */
final class PostgresReaderServer implements ReaderServer {
    private static final String POSITION = """
            SELECT pg_catalog.pg_is_in_recovery(),
              coalesce(
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                  ELSE pg_catalog.pg_current_wal_lsn() END::text,
                '0/0'
              )
            """;

    private final Session session;
    private final PostgresIdentity identity;

    private PostgresReaderServer(Session session, PostgresIdentity identity) {
        this.session = session;
        this.identity = identity;
    }

    /** See {@link ReaderServer.Opener#open}. */
    static PostgresReaderServer open(Login admin, String applicationName, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        Session session = Session.open(admin, applicationName, bound);
        try {
            return new PostgresReaderServer(session, IdentityReader.of(session, end.left()));
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public State state(Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        PostgresIdentity now = IdentityReader.again(session, identity, end.left());
        return session.askOne(
                "ask how far it has replayed",
                end.left(),
                POSITION,
                row -> new State(session.login().endpoint(), now, row.getBoolean(1), row.getString(2)));
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
