package dev.connectionregistry.admin.replication.server;

import java.time.Duration;

/**
 * A transaction that has written something, or may.
 *
 * @param owner whose it is, such as {@code app (pid 123)}
 * @param open for how long, in whole seconds, rounded down
 */
public record OpenTransaction(String owner, Duration open) {
    @Override
    public String toString() {
        return owner + ", open for " + open.toSeconds() + " s";
    }
}
