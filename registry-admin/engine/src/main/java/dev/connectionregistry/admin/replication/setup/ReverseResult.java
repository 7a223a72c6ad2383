package dev.connectionregistry.admin.replication.setup;

/**
 * What follows now.
 *
 * @param subscription on the target
 * @param slot on the source
 * @param tables how many
 * @param ended how many subscriptions of the way here were ended
 */
public record ReverseResult(String subscription, String slot, int tables, int ended) {}
