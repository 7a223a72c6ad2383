package dev.connectionregistry.internal;

import dev.connectionregistry.settings.ConnectionSettings;

/** How much of a pool has to change when settings do. */
enum PoolChange {
    /** Nothing about the pool differs. */
    NONE,
    /** Only sizes or time-outs that Hikari can change at run time. */
    IN_PLACE,
    /** Connections have to be made again. */
    NEW_POOL;

    static PoolChange between(ConnectionSettings before, ConnectionSettings after) {
        boolean sameConnections = before.endpoint().equals(after.endpoint())
                && before.username().equals(after.username())
                && before.password().equals(after.password())
                && before.role() == after.role()
                && before.properties().equals(after.properties())
                && before.pool().keepaliveTime().equals(after.pool().keepaliveTime());
        if (!sameConnections) {
            return NEW_POOL;
        }
        return before.pool().equals(after.pool()) ? NONE : IN_PLACE;
    }
}
