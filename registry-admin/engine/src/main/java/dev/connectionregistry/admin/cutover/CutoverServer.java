package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a cutover asks of both servers. For one thread at a time. Methods that take a bound return or throw within it and about a
 * second.
 */
public interface CutoverServer extends AutoCloseable {
    PostgresIdentity identity();

    /**
     * The schema, a line for each thing, sorted: equal on two servers if tables, columns, constraints, indexes and the rest are;
     * {@link SchemaDifference} names what differs.
     */
    List<String> schemaLines(Duration bound) throws ServerException;

    /** How many rows a table has; {@code table} as it is written in SQL. */
    long count(String table, Duration bound) throws ServerException;

    /** How large the tables are that the run's role may count. */
    default List<TableSize> tableSizes(Duration bound) throws ServerException {
        return List.of();
    }

    /** The tables of which these publications have all rows. */
    default Set<TableName> published(Set<String> publications, Duration bound) throws ServerException {
        return Set.of();
    }

    /** How many rows each of these has, at one moment. */
    default Map<TableName, Long> counts(List<TableName> tables, Duration bound) throws ServerException {
        return Map.of();
    }

    /** Ends the statement that is under way, which then fails; from any thread. */
    default void cancel() {}

    /** Ends the session, and with it what the server keeps only for its duration. */
    @Override
    void close();
}
