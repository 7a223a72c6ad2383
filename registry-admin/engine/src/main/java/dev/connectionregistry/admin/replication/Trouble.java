package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.TableName;
import java.util.Optional;

/**
 * What fails, without why. Immutable.
 *
 * @param subscription the target's subscription whose worker it is
 * @param table whose copy fails; empty if it is the worker that applies changes
 */
public record Trouble(String subscription, Optional<TableName> table) {
    /** The copy of a table. */
    public static Trouble copying(String subscription, TableName table) {
        return new Trouble(subscription, Optional.of(table));
    }

    /** Applying changes of whatever table. */
    public static Trouble applying(String subscription) {
        return new Trouble(subscription, Optional.empty());
    }
}
