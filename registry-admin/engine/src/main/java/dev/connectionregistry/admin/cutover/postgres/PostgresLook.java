package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.postgres.Backends.BackendId;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.time.Duration;

/** A second session of this run on the source, for what is asked while the first one is busy. It writes nothing. */
final class PostgresLook extends PostgresServer {
    private final BackendId backend;

    private PostgresLook(Session session, PostgresIdentity identity, BackendId backend) {
        super(session, identity);
        this.backend = backend;
    }

    /**
     * Logs in.
     *
     * @param wanted the server that the first session is on
     * @throws ServerException also {@code NOT_SO} if this login leads to another one
     */
    static PostgresLook open(Login login, String applicationName, PostgresIdentity wanted, Duration bound)
            throws ServerException {
        Deadline end = Deadline.of(bound);
        Session session = Session.open(login, applicationName, end.left()).keepingPlans(end.left());
        try {
            PostgresIdentity identity = IdentityReader.of(session, end.left());
            if (!wanted.isStill(identity)) {
                throw new ServerException(
                        Kind.NOT_SO, login.endpoint() + " is " + identity + " by now, and not " + wanted, null);
            }
            session.call("become read-only", Remedies.NONE, end.left(), within -> {
                session.execute(within, "SET default_transaction_read_only = on");
                return true;
            });
            return new PostgresLook(session, identity, Backends.own(session, end.left()));
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** The backend that serves this session. */
    BackendId backend() {
        return backend;
    }
}
