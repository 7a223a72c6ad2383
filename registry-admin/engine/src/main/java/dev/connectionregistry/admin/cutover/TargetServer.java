package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The server that the fleet goes to. For one thread at a time. Bounds as in {@link SourceServer}. */
public interface TargetServer extends CutoverServer {
    /** Opens a session. */
    interface Opener {
        TargetServer open(Duration bound) throws ServerException;
    }

    /**
     * Whether this is the same database of the same running server: a physical copy has the same identity, but is
     * another server.
     */
    default boolean isSameAs(SourceServer source, Duration bound) throws ServerException {
        return source.identity().systemIdentifier().equals(identity().systemIdentifier())
                && source.identity().database().equals(identity().database());
    }

    /** Writes something of its own and takes it back. {@code NOT_SO} if the server is in recovery, read-only, or refuses. */
    void requireWritable(Duration bound) throws ServerException;

    /** How many sessions on this server, in whatever database, have this {@code application_name} now. */
    int sessionsNamed(String applicationName, Duration bound) throws ServerException;

    /**
     * A WAL position that is on disk, after all that had been written here before; a standby that has replayed it has all of that.
     * Writes a record of its own, which changes nothing.
     */
    String durablePosition(Duration bound) throws ServerException;

    /**
     * Checks that the server is still what it was when this session began.
     *
     * @throws ServerException {@code NOT_SO} or {@code SESSION_LOST} if it was restarted, or isn't the primary any more
     */
    void requireStill(Duration bound) throws ServerException;

    /** What this server's subscriptions bring; empty where that isn't known. */
    default Optional<FollowedTables> followed(Duration bound) throws ServerException {
        return Optional.empty();
    }

    /** The publications that have tables; empty where that isn't known. */
    default Optional<Set<String>> publications(Duration bound) throws ServerException {
        return Optional.empty();
    }

    /**
     * Sets every sequence to its value in {@code positions} plus {@code margin} of its steps, and reads it back. One
     * that is already further stays where it is; one that cycles gets no margin; none is set beyond its last value.
     * When this is done, all that was written here before is on disk.
     *
     * @throws ServerException {@code NOT_SO} naming the sequences that are missing, can't have that value, or didn't
     *     keep it
     */
    void setSequences(List<SequenceState> positions, long margin, Duration bound) throws ServerException;

    /** Reads before the hold what {@link #setSequences} with a margin would otherwise read during it. */
    default void readSequenceColumns(Duration bound) throws ServerException {
        // there is nothing to read
    }

    /**
     * Checks that a logical slot of this name can be made: none exists, and its name, the rights and the server's
     * settings allow it.
     *
     * @throws ServerException {@code NOT_SO} if there is one already, of whatever kind
     */
    void requireReverseSlot(String name, Duration bound) throws ServerException;

    /**
     * Makes a logical slot, so that what is written here from now on can be sent back. Safe to repeat before the
     * switch: an existing one is made again, starting now, and what it had kept is lost.
     */
    void createReverseSlot(String name, Duration bound) throws ServerException;

    void dropReverseSlot(String name, Duration bound) throws ServerException;
}
