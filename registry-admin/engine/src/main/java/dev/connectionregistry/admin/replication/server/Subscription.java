package dev.connectionregistry.admin.replication.server;

import java.util.List;

/**
 * A subscription.
 *
 * @param id the server's number for it, which is in the names of its tables' own slots; 0 where the server keeps it to itself
 * @param name its name
 * @param enabled whether its worker is to run
 * @param slot on the publisher; empty for none
 * @param publications on the publisher
 */
public record Subscription(long id, String name, boolean enabled, String slot, List<String> publications) {
    /** Copies the list. */
    public Subscription {
        publications = List.copyOf(publications);
    }
}
