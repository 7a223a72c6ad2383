package dev.connectionregistry.admin.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The timeouts by which a server ends what takes too long, and which processes they hit while tables are copied. Pure.
 */
public final class Timeouts {
    /** The timeouts of sessions: a copy is a session on the source. Not every version has all of them. */
    public static final List<String> OF_SESSIONS = List.of(
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "transaction_timeout");
    /**
     * The timeouts of the workers that write what was copied; the others don't apply to them, since they have no
     * client.
     */
    public static final List<String> OF_WORKERS = List.of("lock_timeout", "transaction_timeout");

    /**
     * The first minor release, by major, whose subscriptions heed {@code options} in their connection string. Before 15
     * all did; The first releases of 15 and later versions replaced them by options of their own.
     */
    private static final Map<Integer, Integer> HEED_OPTIONS = Map.of(15, 16, 16, 12, 17, 8, 18, 2);

    private Timeouts() {}

    /** Whether {@code name}, in upper or lower case, is one. */
    public static boolean isOne(String name) {
        return OF_SESSIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether subscriptions of a server of this {@code server_version_num} heed {@code options} in their connection string. */
    public static boolean areHeededInSubscriptions(int version) {
        return version % 10_000 >= HEED_OPTIONS.getOrDefault(version / 10_000, 0);
    }
}
