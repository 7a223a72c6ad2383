package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server of a replication, for calls that may take long: it reports that every ten seconds, and ends them if the
 * operator stops. Each call runs on a thread of its own, which ends when the call returns, or soon after if the server
 * doesn't answer. For one thread.
 */
final class PatientServer implements AutoCloseable {
    /** The bound for what is done at once if no lock is in the way. */
    static final Duration BOUND = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TELL = Duration.ofSeconds(9);
    private static final Duration LAST = Duration.ofSeconds(5);

    private final ReplicationServer server;
    private final Timing timing;
    private final SetupObserver observer;

    /** Owns {@code server}. */
    PatientServer(ReplicationServer server, Timing timing, SetupObserver observer) {
        this.server = server;
        this.timing = timing;
        this.observer = observer;
    }

    @FunctionalInterface
    interface Question<T> {
        T of(ReplicationServer server) throws ServerException;
    }

    @FunctionalInterface
    interface Change {
        void of(ReplicationServer server) throws ServerException;
    }

    /**
     * Makes a change; {@code what} says which, for people.
     *
     * @throws OperationException if the operator stops
     */
    void change(String what, Change change) throws ServerException {
        ask(what, asked -> {
            change.of(asked);
            return true;
        });
    }

    /**
     * Asks a question; {@code what} says why, for people.
     *
     * @throws OperationException if the operator stops
     */
    <T> T ask(String what, Question<T> question) throws ServerException {
        if (timing.stopped()) {
            throw stopped();
        }
        BoundedCall<T, ServerException> made = BoundedCall.start("replication-call", () -> question.of(server));
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
                    observer.say("still running after " + TimeUnit.NANOSECONDS.toSeconds(told - begun) + " s: " + what
                            + " on " + endpoint());
                }
            }
            return made.result();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        }
    }

    /** The error of a run that the operator stops. */
    static OperationException stopped() {
        return new OperationException(
                OperationException.Reason.INTERRUPTED,
                "stopped; what was started continues on the servers",
                "run the command again to continue, or end it with replication stop");
    }

    List<Publication> publications() throws ServerException {
        return ask("list publications", asked -> asked.publications().all(BOUND));
    }

    Optional<Publication> publication(String name) throws ServerException {
        return publications().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Slot> slots() throws ServerException {
        return ask("list slots", asked -> asked.slots().all(BOUND));
    }

    Optional<Slot> slot(String name) throws ServerException {
        return slots().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Subscription> subscriptions() throws ServerException {
        return ask("list subscriptions", asked -> asked.subscriptions().all(BOUND));
    }

    /** The states of a subscription's tables; empty if there is no subscription of that name. */
    List<SubscribedTable> tablesOf(String subscription) throws ServerException {
        return ask("look at subscription " + subscription, asked -> asked.subscriptions()
                .states(subscription, BOUND));
    }

    Endpoint endpoint() {
        return server.endpoint();
    }

    PostgresIdentity identity() {
        return server.identity();
    }

    /** The server itself, for questions that concern two servers. */
    ReplicationServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
