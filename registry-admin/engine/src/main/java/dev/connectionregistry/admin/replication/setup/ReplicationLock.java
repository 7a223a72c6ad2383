package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.server.ReplicationServer.LockHolder;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets one run at a time change the replication of a database: it has a lock on each server that it works on, which
 * ends with its session. For one thread.
 */
final class ReplicationLock {
    /** The session of a run that was just ended may remain for a moment. */
    private static final Duration ENDING = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final ReplicationNames names;
    private final String command;
    private final Timing timing;

    /** {@code command} names this run, for others that find its lock. */
    ReplicationLock(ReplicationNames names, String command, Timing timing) {
        this.names = names;
        this.command = command;
        this.timing = timing;
    }

    /**
     * Waits a little for the lock on {@code server}.
     *
     * @throws OperationException if another run has it, saying which
     */
    void require(PatientServer server) throws ServerException {
        long begun = timing.nanoTime();
        Optional<LockHolder> holder = holder(server);
        while (holder.isPresent()) {
            if (timing.nanoTime() - begun > ENDING.toNanos()) {
                throw StartChecks.refused(
                        "another run is changing this replication (" + names.family() + "): " + holder.get() + " on "
                                + server.endpoint(),
                        "wait for it, or end it where it runs; if it no longer runs, " + ending(holder.get()));
            }
            if (!timing.pause(LOOK)) {
                throw PatientServer.stopped();
            }
            holder = holder(server);
        }
    }

    private static String ending(LockHolder holder) {
        return holder.process()
                .map(pid -> "end its session on that server: SELECT pg_terminate_backend(" + pid + ");")
                .orElse("its session is ending");
    }

    private Optional<LockHolder> holder(PatientServer server) throws ServerException {
        return server.ask(
                "lock replication " + names.family(),
                asked -> asked.lock(names.family(), "registry-admin/replication " + command, BOUND));
    }
}
