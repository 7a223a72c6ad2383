package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The server that the fleet leaves, through the one session that holds the advisory lock and may fence it. The session
 * is never reopened: once it is lost, every method fails with {@link ServerException.Kind#SESSION_LOST}. For one thread
 * at a time. Methods that take a bound return or throw within it and about a second.
 */
public interface SourceServer extends CutoverServer {
    /** Opens the session. */
    interface Opener {
        /**
         * Logs in, without taking the lock.
         *
         * @throws ServerException {@code NOT_SO} on a standby
         */
        Unlocked connect(Duration bound) throws ServerException;

        /** Logs in and takes the lock, as {@link Unlocked#lock}. */
        default SourceServer open(boolean takeOver, Duration bound) throws ServerException {
            return connect(bound).lock(takeOver, bound);
        }
    }

    /**
     * A session that doesn't have the lock of its database yet. For one thread at a time; closed by its owner unless it
     * was locked.
     */
    interface Unlocked extends AutoCloseable {
        PostgresIdentity identity();

        /** The oid of the database, which is unique on its server. */
        long oid();

        /**
         * Takes the advisory lock of the database. Closes the session if that fails.
         *
         * @param takeOver whether to end the session that holds it, and wait until it is gone
         * @throws ServerException {@code REFUSED} if another session holds it and {@code takeOver} is false, naming that session;
         *     {@code NOT_SO} behind a connection pooler
         */
        SourceServer lock(boolean takeOver, Duration bound) throws ServerException;

        @Override
        void close();
    }

    /**
     * Makes the plan of a fence from the server's current state, and keeps it for {@link #raise} and {@link #prove};
     * changes nothing. Where this run's fence is up already, the plan is the one in the fence's record on the server.
     *
     * @return the plan, for people and for the journal; it is never given back to this server
     * @throws ServerException {@code REFUSED} if such a fence can't hold on this server, if another run's is up, or if
     *     the run's role lacks a grant, which it names
     */
    FencePlan plan(FenceKind kind, Set<String> exemptRoles, Duration bound) throws ServerException;

    /**
     * Logs in as the services do, tries what the fence will refuse, undoes it and logs out: the proof of the fence will
     * need that login, at a time when callers wait.
     *
     * @throws ServerException if the login can't be tried from here, for instance because its password can't be found
     */
    void tryServiceLogin(Duration bound) throws ServerException;

    /**
     * Asks the source everything that {@link #prove} will ask, ignores the answers, and ends no session: asked a second
     * time, while callers wait, the same questions take a fraction of the time.
     *
     * @param slots as for {@link #prove}
     */
    void dryRunProof(Optional<Set<String>> slots, Duration bound) throws ServerException;

    /**
     * Begins the login that {@link #prove} needs, just before the hold, and pauses it before its last message, since a
     * server reads the settings of a session only after that. Waits a second at most. Where this can't be done, or goes
     * wrong, {@link #prove} does without.
     *
     * @throws ServerException if no fence was planned
     */
    default void prepareProof() throws ServerException, InterruptedException {}

    /**
     * Opens another session on this server, as the same role, for what is asked while this one is busy. {@link #prove} leaves it alone. The
     * caller closes it.
     *
     * @return empty where that can't be done
     */
    default Optional<CutoverServer> openBeside(Duration bound) {
        return Optional.empty();
    }

    /**
     * Client sessions of this database except our own, replication's and those of exempt roles; the oldest transaction
     * first.
     */
    List<ClientSession> sessions(Set<String> exemptRoles, Duration bound) throws ServerException;

    /**
     * Cancels what these sessions do, then terminates those that still have a transaction, and waits until none has
     * one.
     */
    void endTransactions(List<ClientSession> stragglers, Duration bound) throws ServerException;

    /** Puts up the fence that was planned, with a record of it on the server; ends no session. Safe to repeat. */
    void raise(Duration bound) throws ServerException;

    /**
     * Ends every other client session and logical walsender except exempt ones and those that serve {@code slots},
     * checks that none is left and no prepared transaction is pending, and begins to try a write in a new session of
     * the services' role.
     *
     * @param slots the replication slots that are waited for; empty to spare every walsender that streams from a slot
     * @return the proof; it is complete once {@link FenceProof#refusal} has returned
     * @throws ServerException {@code NOT_SO} saying what was seen, if the fence doesn't hold
     */
    FenceProof prove(Optional<Set<String>> slots, Duration bound) throws ServerException;

    /**
     * Takes this run's fence down by its record on the server, whether it is up, half up or not up at all; then ends
     * the client sessions that may have begun under it, except exempt ones and our own. Safe to repeat.
     *
     * @return which sessions were ended; that one can't be ended is no failure of this call
     * @throws ServerException {@code NOT_SO} if the database is read-only and nothing on the server shows that a fence
     *     made it so, or if the fence stays (see {@link #keepFence})
     */
    FenceDown lower(Duration bound) throws ServerException;

    /** Notes on the server that this run's fence stays, since the switch is done: from now on {@link #lower} refuses. */
    default void keepFence(Duration bound) throws ServerException {}

    /** The end of all WAL that there is now, such as {@code 0/16B3748}. */
    String walPosition(Duration bound) throws ServerException;

    /** Every sequence of every schema, owned or not, except the system's; by schema and name. */
    List<SequenceState> sequences(Duration bound) throws ServerException;

    /** Ends the session and with it the lock; the fence stays as it is. */
    @Override
    void close();

    /**
     * A client session on the source, for people who must decide what to do about it. Never the text of its query,
     * which may contain data.
     *
     * @param pid the backend's number
     * @param role the role that is logged in
     * @param application its application name; {@code service/instance} for one of the fleet
     * @param state as the server says it, such as {@code idle in transaction}
     * @param transactionAge for how long its transaction has been open; zero if there is none
     */
    record ClientSession(int pid, String role, String application, String state, Duration transactionAge) {}
}
