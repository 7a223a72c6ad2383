package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.server.TableName;
import java.util.OptionalLong;

/**
 * A table of a subscription. Immutable.
 *
 * @param table which
 * @param subscription whose
 * @param state how far it is
 * @param worker whether a worker copies it just now
 * @param copiedBytes how much of it was copied, where the server tells
 * @param copiedRows the same in rows
 */
public record TableProgress(
        TableName table,
        String subscription,
        TableState state,
        boolean worker,
        OptionalLong copiedBytes,
        OptionalLong copiedRows) {}
