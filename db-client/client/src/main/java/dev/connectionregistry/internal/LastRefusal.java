package dev.connectionregistry.internal;

import dev.connectionregistry.settings.Endpoint;
import org.jspecify.annotations.Nullable;

/** Who refused last, and why: further attempts that end alike are details in the log. For one thread. */
final class LastRefusal {
    private @Nullable Endpoint endpoint;
    private @Nullable String cause;

    /** Whether it was this one that refused last. */
    boolean was(Endpoint candidate) {
        return candidate.equals(endpoint);
    }

    /** Remembers a refusal, and says whether it is the same as the last. */
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
