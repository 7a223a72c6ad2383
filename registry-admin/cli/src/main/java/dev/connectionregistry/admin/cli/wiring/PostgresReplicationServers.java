package dev.connectionregistry.admin.cli.wiring;

import dev.connectionregistry.admin.replication.postgres.PostgresReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import jakarta.inject.Inject;
import java.time.Duration;

/** Both ends of a replication over JDBC, with passwords found on this machine. Thread-safe. */
final class PostgresReplicationServers implements ReplicationServers {
    private final Logins logins;

    @Inject
    PostgresReplicationServers(Logins logins) {
        this.logins = logins;
    }

    @Override
    public ReplicationServer open(ServerLogin login, Duration bound) throws ServerException {
        return PostgresReplicationServer.open(login, logins::of, bound);
    }
}
