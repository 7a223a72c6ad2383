package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.replication.plan.TableFacts;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A database on one server, as either end of a replication. Every call is bounded. For one thread, except
 * {@link #cancel}.
 */
public interface ReplicationServer extends AutoCloseable {
    /**
     * Takes the lock of runs that change a replication; closing this gives it back.
     *
     * @param name the replication's name
     * @param run the name of this run, for others that find its lock
     * @return who has the lock, if another run does
     */
    Optional<LockHolder> lock(String name, String run, Duration bound) throws ServerException;

    PostgresIdentity identity();

    /** Whether {@code other} is the same database of the same running server, whatever their addresses. */
    boolean isSameAs(ReplicationServer other, Duration bound) throws ServerException;

    /** The endpoint as in the settings, with all its hosts. */
    Endpoint endpoint();

    /** The schema, one line per object, comparable between versions. */
    List<String> schemaLines(Duration bound) throws ServerException;

    /** Every table except those of the system, of extensions and of a session. */
    List<TableFacts> tables(Duration bound) throws ServerException;

    /** The tables that belong to extensions, each with its extension's name. */
    Map<TableName, String> extensionTables(Duration bound) throws ServerException;

    /** How long ago the statistics were reset; empty if the server doesn't say. */
    Optional<Duration> counting(Duration bound) throws ServerException;

    /** Whether a table has no row. */
    boolean isEmpty(TableName table, Duration bound) throws ServerException;

    /** What may hold the server up while tables are copied. */
    Pressure pressure(Duration bound) throws ServerException;

    /** The statements that keep triggers here from firing for rows that are copied or applied; empty if none fires. */
    List<String> setTriggersAside(Duration bound) throws ServerException;

    /** The settings by which the server ends long sessions and statements; not every version has all of them. */
    List<String> timeouts(Duration bound) throws ServerException;

    /** What the role may do. */
    Rights rights();

    Publications publications();

    Slots slots();

    Subscriptions subscriptions();

    /** Ends the call that is under way on another thread, if one is; it then fails. */
    void cancel();

    @Override
    void close();

    /**
     * What keeps a server from cleaning up.
     *
     * @param oldest how long the oldest transaction has been open
     * @param owner who has it, such as {@code app (pid 123)}; empty if there is none
     * @param retained bytes of WAL that the furthest-behind slot keeps
     * @param slot the name of that slot; empty if there is none
     * @param unseen the statement that would show the age of other roles' transactions; empty if it is seen
     */
    record Pressure(Duration oldest, String owner, long retained, String slot, String unseen) {}

    /**
     * Another run's session that has a lock.
     *
     * @param process its backend's process id; empty if it was just ending
     * @param text a description for people: {@code session 4711 of boss (registry-admin) from 10.0.0.7}
     */
    record LockHolder(Optional<Integer> process, String text) {
        @Override
        public String toString() {
            return text;
        }
    }
}
