package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.TableName;
import java.util.Map;

/**
 * A publication.
 *
 * @param name its name
 * @param viaRoot whether partitions' changes are sent as their root's
 * @param tables its tables, each with the text of its row filter, or an empty one
 */
public record Publication(String name, boolean viaRoot, Map<TableName, String> tables) {
    /** Copies the map. */
    public Publication {
        tables = Map.copyOf(tables);
    }
}
