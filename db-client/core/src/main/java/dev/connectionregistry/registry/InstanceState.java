package dev.connectionregistry.registry;

/** What an instance is doing, by its own account. */
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
    /** Closed normally. */
    STOPPED,
    /** Only read, never written: a newer client reports a state that this release doesn't know. */
    UNKNOWN;

    /** The state with that name; {@link #UNKNOWN} for a name that this release doesn't know. */
    public static InstanceState named(String name) {
        for (InstanceState state : values()) {
            if (state.name().equals(name)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
