package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.TableName;
import java.util.Optional;

/**
 * What fails, without why. Immutable.
 *
 * @param subscription the target's subscription whose worker it is
 * @param table whose copy fails; empty if it is the worker that applies changes
 */
public record WorkerFailure(String subscription, Optional<TableName> table) {
    /** The copy of a table. */
    public static WorkerFailure copying(String subscription, TableName table) {
        return new WorkerFailure(subscription, Optional.of(table));
    }

    /** Applying changes of whatever table. */
    public static WorkerFailure applying(String subscription) {
        return new WorkerFailure(subscription, Optional.empty());
    }
}
