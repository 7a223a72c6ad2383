package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;

/** Logs in to servers. Implementations are thread-safe. */
public interface ReplicationServers {
    /**
     * Logs in; the caller closes what it gets.
     *
     * @throws ServerException if the server can't be reached, or refuses
     */
    ReplicationServer open(ServerLogin login, Duration bound) throws ServerException;
}
