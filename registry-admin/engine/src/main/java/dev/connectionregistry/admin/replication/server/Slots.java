package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The logical slots of a database. */
public interface Slots {
    List<Slot> all(Duration bound) throws ServerException;

    /**
     * The oldest of the transactions that a slot would wait for if it were made now, as far as the role may see them.
     */
    Optional<OpenTransaction> waitsFor(Duration bound) throws ServerException;

    /** Makes a slot for {@code pgoutput}; the server waits for every transaction that is open now. */
    void create(String name, Duration bound) throws ServerException;

    /** Ends the session that is connected to it, if that is allowed; doesn't wait. */
    void disconnect(String name, Duration bound) throws ServerException;

    /** Drops a slot, if it exists; refused while somebody is connected to it. */
    void drop(String name, Duration bound) throws ServerException;

    /**
     * A transaction that has written something, or may.
     *
     * @param owner who has it, such as {@code app (pid 123)}
     * @param open how long it has been open, in whole seconds, rounded down
     */
    record OpenTransaction(String owner, Duration open) {
        @Override
        public String toString() {
            return owner + ", open for " + open.toSeconds() + " s";
        }
    }

    /**
     * A logical slot.
     *
     * @param name its name
     * @param plugin the plugin that decodes for it
     * @param active whether somebody is connected to it
     * @param lost whether the server has thrown away WAL that it needs
     */
    record Slot(String name, String plugin, boolean active, boolean lost) {}
}
