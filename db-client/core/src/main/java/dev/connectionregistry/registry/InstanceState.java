package dev.connectionregistry.registry;

/** What an instance says about itself. */
public enum InstanceState {
    /** Opening its first pool. */
    STARTING,
    /** Serving from the newest version it knows. */
    ACTIVE,
    /** Serving from an older version, because the newest can't be used; the report's error says why. */
    REJECTED,
    /** Opening a standby pool for a cutover's target. */
    PREPARING,
    /** The standby pool is open and validated. */
    READY,
    /** The gate is closed; connections are still in use. */
    HOLDING,
    /** The gate is closed and nothing is in use. */
    HELD,
    /** Closed in an orderly way. */
    STOPPED,
    /** Only ever read, never written: a newer client says something for which this release has no word. */
    UNKNOWN;

    /** The state of that name; {@link #UNKNOWN} for one that this release doesn't know. */
    public static InstanceState named(String name) {
        for (InstanceState state : values()) {
            if (state.name().equals(name)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
