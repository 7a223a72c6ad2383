package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a write is called while nobody knows yet how it ends.
 *
 * @param doing such as {@code writing version 4 of 'orders'}
 * @param settledBy how one finds out whether it took effect, as a sentence
 */
record PendingWrite(String doing, String settledBy) {
    /** The error for a write that may have taken effect, or may still do so; {@code lost} says why that isn't known. */
    RegistryException unknown(String lost, @Nullable Throwable cause) {
        return new RegistryException(
                Kind.OUTCOME_UNKNOWN,
                doing + ": it is not known whether it took effect (" + lost + "). " + settledBy,
                cause);
    }

    /** The error for a write that nobody sent. */
    RegistryException notBegun() {
        return new RegistryException(Kind.UNREACHABLE, doing + " was not begun: the thread is interrupted", null);
    }
}
