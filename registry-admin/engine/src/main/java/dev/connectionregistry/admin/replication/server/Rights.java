package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What roles may do on a server, and which of its settings are in the way. */
public interface Rights {
    /**
     * What is missing to publish tables from here.
     *
     * @param slots how many are to be made
     */
    List<MissingRight> toPublish(Collection<TableName> tables, int slots, Duration bound) throws ServerException;

    /** What is missing for {@code role} to read tables and their changes from here. */
    List<MissingRight> toBeReadBy(String role, Collection<TableName> tables, Duration bound) throws ServerException;

    /**
     * What is missing to subscribe to tables here.
     *
     * @param subscriptions how many are to be made
     * @param passfile whether they are to log in without a password of their own
     */
    List<MissingRight> toSubscribe(Collection<TableName> tables, int subscriptions, boolean passfile, Duration bound)
            throws ServerException;
}
