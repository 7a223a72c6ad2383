package dev.connectionregistry.admin.replication.plan;

/**
 * A column of a primary key.
 *
 * @param name unquoted
 * @param type as {@code format_type} writes it; with a collation of its own, {@code text collate other}
 */
public record KeyColumn(String name, String type) {}
