package dev.connectionregistry.admin.replication.status;

/**
 * A subscription of the source's own: it follows somebody, or did. Immutable.
 *
 * @param name its name
 * @param enabled whether it is to run
 * @param slot the slot that it reads from, on whichever server it follows; empty if it has none
 */
public record SourceSubscription(String name, boolean enabled, String slot) {}
