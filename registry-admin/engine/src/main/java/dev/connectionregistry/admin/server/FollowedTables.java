package dev.connectionregistry.admin.server;

import java.util.Set;

/**
 * What the subscriptions of a database bring.
 *
 * @param tables the tables that follow, with partitions instead of their roots
 * @param publications the publications that these come from
 */
public record FollowedTables(Set<TableName> tables, Set<String> publications) {
    public FollowedTables {
        tables = Set.copyOf(tables);
        publications = Set.copyOf(publications);
    }
}
