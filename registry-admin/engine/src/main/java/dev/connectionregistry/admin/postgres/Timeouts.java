package dev.connectionregistry.admin.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The time-outs by which a server ends what takes long, and whom they hit while tables are copied. Pure. */
public final class Timeouts {
    /** Of sessions: a copy is a session of the source. Not every version has all of them. */
    public static final List<String> OF_SESSIONS = List.of(
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "transaction_timeout");
    /** Of the workers that write what was copied, which have no client: the others don't count for them. */
    public static final List<String> OF_WORKERS = List.of("lock_timeout", "transaction_timeout");

    /**
     * The first minor release, by major, whose subscriptions heed {@code options} in their connection string. Before 15 all did; 15 and
     * those after it put options of their own in their place at first.
     */
    private static final Map<Integer, Integer> HEED_OPTIONS = Map.of(15, 16, 16, 12, 17, 8, 18, 2);

    private Timeouts() {}

    /** Whether {@code name}, in whatever case, is one. */
    public static boolean isOne(String name) {
        return OF_SESSIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether subscriptions of a server of this {@code server_version_num} heed {@code options} in their connection string. */
    public static boolean areHeededInSubscriptions(int version) {
        return version % 10_000 >= HEED_OPTIONS.getOrDefault(version / 10_000, 0);
    }
}
