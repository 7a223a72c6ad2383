package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes calls on servers that may take long: says so every ten seconds, and ends them when the operator stops. Each is made on a
 * thread of its own, which is gone when this returns, or soon after where a server doesn't answer. For one thread.
 */
final class Patience {
    /** For what is done at once, if no lock is in the way. */
    static final Duration BOUND = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TELL = Duration.ofSeconds(9);
    private static final Duration LAST = Duration.ofSeconds(5);

    private final Timing timing;
    private final SetupObserver observer;

    Patience(Timing timing, SetupObserver observer) {
        this.timing = timing;
        this.observer = observer;
    }

    /** The observer that is in use. */
    SetupObserver observer() {
        return observer;
    }

    /** A call on a server without a result. */
    @FunctionalInterface
    interface Act {
        /** Makes it. */
        void make() throws ServerException;
    }

    /** Does {@code act}, which is of {@code server}. */
    void does(String what, ReplicationServer server, Act act) throws ServerException {
        gets(what, server, () -> {
            act.make();
            return true;
        });
    }

    /**
     * Makes {@code call}, which is of {@code server}.
     *
     * @throws OperationException if the operator stops
     */
    <T> T gets(String what, ReplicationServer server, BoundedCall.Call<T, ServerException> call)
            throws ServerException {
        requireGoing();
        BoundedCall<T, ServerException> made = BoundedCall.start("replication-call", call);
        long begun = timing.nanoTime();
        long told = begun;
        try {
            while (!made.awaitEnd(LOOK)) {
                if (timing.stopped()) {
                    server.cancel();
                    made.awaitEnd(LAST);
                    throw stopped();
                }
                if (timing.nanoTime() - told > TELL.toNanos()) {
                    told = timing.nanoTime();
                    observer.say("still at it for " + TimeUnit.NANOSECONDS.toSeconds(told - begun) + " s: " + what
                            + " on " + server.endpoint());
                }
            }
            return made.result();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        }
    }

    /** Waits. */
    void pause(Duration duration) {
        if (!timing.pause(duration)) {
            throw stopped();
        }
    }

    private void requireGoing() {
        if (timing.stopped()) {
            throw stopped();
        }
    }

    private static OperationException stopped() {
        return new OperationException(
                OperationException.Reason.INTERRUPTED,
                "stopped; what was begun goes on by itself on the servers",
                "give the command again to go on, or end it with replication stop");
    }
}
