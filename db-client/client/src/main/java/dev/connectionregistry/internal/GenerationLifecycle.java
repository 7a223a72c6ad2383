package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.internal.observe.GenerationEvents;
import dev.connectionregistry.internal.pool.GenerationOpener;
import dev.connectionregistry.internal.pool.GenerationState;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.settings.Endpoint;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * One generation from its opening to its end; every state change is checked, logged and recorded. Control thread only.
 */
final class GenerationLifecycle {
    private static final Logger LOG = CleanLogger.of(GenerationLifecycle.class);

    private final String database;
    private final long number;
    private final long version;
    private final GenerationOpener opener;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private GenerationState state = GenerationState.OPENING;
    private @Nullable PoolGeneration pool;

    /** A generation that {@code opener} is about to open for {@code version} of the settings. */
    GenerationLifecycle(String database, long number, long version, GenerationOpener opener) {
        this.database = database;
        this.number = number;
        this.version = version;
        this.opener = opener;
    }

    /** Where its connections go. */
    Endpoint endpoint() {
        return opener.endpoint();
    }

    boolean is(GenerationState wanted) {
        return state == wanted;
    }

    /**
     * Checks that it is in this state.
     *
     * @throws IllegalStateException if it isn't
     */
    void require(GenerationState wanted) {
        if (state != wanted) {
            throw new IllegalStateException(database + " gen " + number + " is " + state + ", not " + wanted);
        }
    }

    /** Whether the next state may be this one. */
    boolean canBecome(GenerationState next) {
        return state.canBecome(next);
    }

    /** As {@link #become(GenerationState, String, Level)}, logged at INFO. */
    void become(GenerationState next, String cause) {
        become(next, cause, Level.INFO);
    }

    /**
     * Changes the state.
     *
     * @throws IllegalStateException if this change isn't allowed
     */
    void become(GenerationState next, String cause, Level level) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException(database + " gen " + number + ": " + state + " -> " + next);
        }
        String clean = Printable.shortLine(cause); // the text may come from a server
        LOG.atLevel(level).log("{} gen {}: {} -> {} (version {}, {})", database, number, state, next, version, clean);
        GenerationEvents.emit(database, number, state.name(), next.name(), version, clean);
        state = next;
    }

    void opened(PoolGeneration opened) {
        pool = opened;
    }

    /** Stops opening; what is already open stays open. */
    void cancelOpening() {
        opener.cancel();
    }

    /** Whether there is a pool. */
    boolean isOpen() {
        return pool != null;
    }

    /**
     * Its pool.
     *
     * @throws IllegalStateException if there is none
     */
    PoolGeneration pool() {
        if (pool == null) {
            throw new IllegalStateException(database + " gen " + number + " isn't open");
        }
        return pool;
    }

    /** Completes when nothing of the generation remains. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Nothing of the generation remains. */
    void forgotten() {
        gone.complete(null);
    }
}
