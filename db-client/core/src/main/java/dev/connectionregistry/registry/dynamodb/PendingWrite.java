package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Describes a write whose outcome isn't known yet.
 *
 * @param doing such as {@code writing version 4 of 'orders'}
 * @param settledBy how to find out whether it took effect, as a sentence
 */
record PendingWrite(String doing, String settledBy) {
    /**
     * The exception for a write that may have taken effect or may still do so; {@code lost} says why that isn't known.
     */
    RegistryException unknown(String lost, @Nullable Throwable cause) {
        return new RegistryException(
                Kind.OUTCOME_UNKNOWN,
                doing + ": it is not known whether it took effect (" + lost + "). " + settledBy,
                cause);
    }

    /** The exception for a write that was never sent. */
    RegistryException notBegun() {
        return new RegistryException(Kind.UNREACHABLE, doing + " was not started: the thread is interrupted", null);
    }
}
