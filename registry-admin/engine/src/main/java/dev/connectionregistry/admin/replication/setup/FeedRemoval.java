package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/** Takes subscriptions and slots away, of which the server refuses what is in use. */
final class FeedRemoval {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(3);
    private static final Duration LEAVES_WHEN_ENDED = Duration.ofSeconds(1);
    private static final Duration ATMOST = Duration.ofSeconds(30);

    private final ReplicationContext context;

    FeedRemoval(ReplicationContext context) {
        this.context = context;
    }

    /** Disables a subscription and drops it; nothing is asked of its publisher. */
    void subscription(ReplicationServer server, String name) throws ServerException {
        context.patience().does("disable subscription " + name, server, () -> server.subscriptions()
                .disable(name, Patience.BOUND));
        context.patience().does("drop subscription " + name, server, () -> server.subscriptions()
                .drop(name, Patience.BOUND));
    }

    /**
     * Waits until nobody is connected to a slot any more, ends who is if that takes long, and drops it.
     *
     * @param subscriber where a subscription of the same name uses it, which is then disabled first
     */
    void slot(ReplicationServer server, String name, Optional<ReplicationServer> subscriber) throws ServerException {
        if (subscriber.isPresent()) {
            ReplicationServer other = subscriber.get();
            context.patience().does("disable subscription " + name, other, () -> other.subscriptions()
                    .disable(name, Patience.BOUND));
        }
        long begun = context.timing().nanoTime();
        awaitUnused(server, name, LEAVES_BY_ITSELF);
        while (!dropped(server, name, begun)) {
            disconnect(server, name);
            awaitUnused(server, name, LEAVES_WHEN_ENDED);
        }
    }

    /** A subscriber that nobody can stop comes back soon after it was disconnected. */
    private boolean dropped(ReplicationServer server, String name, long begun) throws ServerException {
        try {
            context.patience()
                    .does("drop slot " + name, server, () -> server.slots().drop(name, Patience.BOUND));
            return true;
        } catch (ServerException e) {
            boolean late = context.timing().nanoTime() - begun > ATMOST.toNanos();
            if (late || context.slot(server, name).filter(Slot::active).isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    private void awaitUnused(ReplicationServer server, String name, Duration atMost) throws ServerException {
        long begun = context.timing().nanoTime();
        while (context.timing().nanoTime() - begun < atMost.toNanos()
                && context.slot(server, name).filter(Slot::active).isPresent()) {
            context.patience().pause(LOOK);
        }
    }

    private void disconnect(ReplicationServer server, String name) throws ServerException {
        try {
            context.patience().does("disconnect the user of slot " + name, server, () -> server.slots()
                    .disconnect(name, Patience.BOUND));
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.SESSION_LOST) {
                throw e;
            }
            context.observer().warn(e.getMessage() + "; waiting for it to leave by itself");
        }
    }
}
