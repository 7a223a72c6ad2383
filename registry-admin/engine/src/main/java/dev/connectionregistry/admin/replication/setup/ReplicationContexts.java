package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.ServerErrorText;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;

/** Opens both servers for a use case, and turns its failures into errors of the command. */
final class ReplicationContexts {
    private static final String GOES_ON =
            "what is done stays done; fix the cause and run the command again: it continues where it stopped";

    private static final Duration LOGIN = Duration.ofSeconds(9);

    private final ReplicationServers servers;
    private final Timing timing;

    ReplicationContexts(ReplicationServers servers, Timing timing) {
        this.servers = servers;
        this.timing = timing;
    }

    /** The work on both servers. */
    @FunctionalInterface
    interface Work<T> {
        T on(ReplicationContext context) throws ServerException;
    }

    /** Does {@code work} that changes nothing. */
    <T> T reading(ServerPair pair, SetupObserver observer, Work<T> work) {
        return on(pair, observer, work, "fix the cause and run the command again");
    }

    <T> T on(ServerPair pair, SetupObserver observer, Work<T> work) {
        return on(pair, observer, work, GOES_ON);
    }

    private <T> T on(ServerPair pair, SetupObserver observer, Work<T> work, String next) {
        try (PatientServer source = open(pair.source(), observer);
                PatientServer target = open(pair.target(), observer)) {
            ReplicationContext unnamed =
                    new ReplicationContext(ReplicationNames.of(pair.database()), source, target, timing, observer);
            return work.on(unnamed.named());
        } catch (ServerException e) {
            throw ServerErrorText.told(e, next);
        }
    }

    /** Does {@code work} as the only run that changes this replication; {@code command} names the run. */
    <T> T alone(ServerPair pair, String command, SetupObserver observer, Work<T> work) {
        return on(pair, observer, context -> {
            ReplicationLock run = new ReplicationLock(context.names(), command, timing);
            run.require(context.source());
            run.require(context.target());
            return work.on(context);
        });
    }

    PatientServer open(ServerLogin login, SetupObserver observer) throws ServerException {
        return new PatientServer(servers.open(login, LOGIN), timing, observer);
    }

    Timing timing() {
        return timing;
    }

    static OperationException failed(ServerException e) {
        return ServerErrorText.told(e, GOES_ON);
    }
}
