package dev.connectionregistry.internal;

import dev.connectionregistry.settings.Endpoint;
import org.jspecify.annotations.Nullable;

/** Which server refused last, and why: repeated refusals are only logged as details. For one thread. */
final class LastRefusal {
    private @Nullable Endpoint endpoint;
    private @Nullable String cause;

    /** Whether this endpoint refused last. */
    boolean was(Endpoint candidate) {
        return candidate.equals(endpoint);
    }

    /** Remembers a refusal, and returns whether it is the same as the last one. */
    boolean repeats(Endpoint by, String why) {
        boolean same = by.equals(endpoint) && why.equals(cause);
        endpoint = by;
        cause = why;
        return same;
    }

    /** Something was accepted. */
    void forget() {
        endpoint = null;
        cause = null;
    }
}
