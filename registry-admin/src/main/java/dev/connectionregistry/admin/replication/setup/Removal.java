package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slot;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/** Takes subscriptions and slots away, of which the server refuses what is in use. */
final class Removal {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(3);
    private static final Duration ATMOST = Duration.ofSeconds(30);

    private final Ground ground;

    Removal(Ground ground) {
        this.ground = ground;
    }

    /** Disables a subscription and drops it; nothing is asked of its publisher. */
    void subscription(ReplicationServer server, String name) throws ServerException {
        ground.patience().does("disable subscription " + name, server, () -> server.subscriptions()
                .disable(name, Patience.BOUND));
        ground.patience().does("drop subscription " + name, server, () -> server.subscriptions()
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
            ground.patience().does("disable subscription " + name, other, () -> other.subscriptions()
                    .disable(name, Patience.BOUND));
        }
        awaitUnused(server, name);
        ground.patience().does("drop slot " + name, server, () -> server.slots().drop(name, Patience.BOUND));
    }

    private void awaitUnused(ReplicationServer server, String name) throws ServerException {
        long begun = ground.timing().nanoTime();
        boolean ended = false;
        while (ground.slot(server, name).filter(Slot::active).isPresent()) {
            long waited = ground.timing().nanoTime() - begun;
            if (waited > ATMOST.toNanos()) {
                return; // the server says who it is when the slot is to be dropped
            }
            if (!ended && waited > LEAVES_BY_ITSELF.toNanos()) {
                ended = true;
                disconnect(server, name);
            }
            ground.patience().pause(LOOK);
        }
    }

    private void disconnect(ReplicationServer server, String name) throws ServerException {
        try {
            ground.patience().does("disconnect who uses slot " + name, server, () -> server.slots()
                    .disconnect(name, Patience.BOUND));
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.SESSION_LOST) {
                throw e;
            }
            ground.talk().warn(e.getMessage() + "; waiting for it to leave by itself");
        }
    }
}
