package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/** Removes subscriptions and slots; the server refuses to drop those in use. */
final class FeedRemoval {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(3);
    private static final Duration LEAVES_WHEN_ENDED = Duration.ofSeconds(1);
    private static final Duration ATMOST = Duration.ofSeconds(30);

    private final Timing timing;
    private final SetupObserver observer;

    FeedRemoval(Timing timing, SetupObserver observer) {
        this.timing = timing;
        this.observer = observer;
    }

    /** Disables a subscription and drops it, without contacting its publisher. */
    void subscription(PatientServer server, String name) throws ServerException {
        disable(server, name);
        server.change(
                "drop subscription " + name, asked -> asked.subscriptions().drop(name, BOUND));
    }

    /** Tells the worker of a subscription to end soon. */
    void disable(PatientServer server, String name) throws ServerException {
        server.change(
                "disable subscription " + name, asked -> asked.subscriptions().disable(name, BOUND));
    }

    /**
     * Waits until no reader is connected to a slot any more, disconnects it if that takes long, and drops the slot.
     *
     * @param subscriber the server on which a subscription of the same name uses it; that one is then disabled first
     */
    void slot(PatientServer server, String name, Optional<PatientServer> subscriber) throws ServerException {
        if (subscriber.isPresent()) {
            disable(subscriber.get(), name);
        }
        long begun = timing.nanoTime();
        awaitUnused(server, name, LEAVES_BY_ITSELF);
        while (!dropped(server, name, begun)) {
            disconnect(server, name);
            awaitUnused(server, name, LEAVES_WHEN_ENDED);
        }
    }

    /** A subscriber that can't be stopped reconnects soon after it was disconnected. */
    private boolean dropped(PatientServer server, String name, long begun) throws ServerException {
        try {
            server.change("drop slot " + name, asked -> asked.slots().drop(name, BOUND));
            return true;
        } catch (ServerException e) {
            boolean late = timing.nanoTime() - begun > ATMOST.toNanos();
            if (late || server.slot(name).filter(Slot::active).isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    private void awaitUnused(PatientServer server, String name, Duration atMost) throws ServerException {
        long begun = timing.nanoTime();
        while (timing.nanoTime() - begun < atMost.toNanos()
                && server.slot(name).filter(Slot::active).isPresent()) {
            if (!timing.pause(LOOK)) {
                throw PatientServer.stopped();
            }
        }
    }

    private void disconnect(PatientServer server, String name) throws ServerException {
        try {
            server.change("disconnect the user of slot " + name, asked -> asked.slots()
                    .disconnect(name, BOUND));
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.SESSION_LOST) {
                throw e;
            }
            observer.warn(e.getMessage() + "; waiting for it to leave by itself");
        }
    }
}
