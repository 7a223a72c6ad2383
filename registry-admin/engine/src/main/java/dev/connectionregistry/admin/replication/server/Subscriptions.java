package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;

/**
 * The subscriptions of a database. What contains a password reaches the server as data, never as the text of a statement, and so
 * is in no log, no view and no message.
 */
public interface Subscriptions {
    /** All of the database. */
    List<Subscription> all(Duration bound) throws ServerException;

    /** The numbers of all that the server has, in whatever database; empty where it keeps them to itself. */
    List<Long> everyId(Duration bound) throws ServerException;

    /** Makes one that is disabled and has no slot; connects to nothing. */
    void create(String name, String publication, SubscriberLogin login, Duration bound) throws ServerException;

    /**
     * Makes one that is disabled and follows all tables of its publication, without a copy, from where {@code slot} is. Unlike
     * {@link #create} and {@link #refresh} it knows its tables before it takes a change, so none is passed over.
     */
    void createFollowing(String name, String publication, String slot, SubscriberLogin login, Duration bound)
            throws ServerException;

    /** Changes how it logs in. */
    void connect(String name, SubscriberLogin login, Duration bound) throws ServerException;

    /** Says which slot is its own. */
    void useSlot(String name, String slot, Duration bound) throws ServerException;

    /** Lets its worker run. */
    void enable(String name, Duration bound) throws ServerException;

    /** Ends its worker, soon. */
    void disable(String name, Duration bound) throws ServerException;

    /** Takes in tables that are new in its publication; the server connects to the publisher for it. */
    void refresh(String name, boolean copy, Duration bound) throws ServerException;

    /** Takes its slot away, so that nothing is asked of the publisher, and drops it. To be disabled before. */
    void drop(String name, Duration bound) throws ServerException;

    /** How its tables stand; empty if it has none. */
    List<SubscribedTable> states(String name, Duration bound) throws ServerException;

    /** How often a copy has failed since the statistics count; -1 where the server doesn't count that (before 15). */
    long copyErrors(String name, Duration bound) throws ServerException;

    /** How often applying changes has failed since the statistics count; -1 where the server doesn't count that (before 15). */
    long applyErrors(String name, Duration bound) throws ServerException;

    /** The process that applies its changes now; 0 for none. */
    int applier(String name, Duration bound) throws ServerException;

    /**
     * Whether a subscription reads from {@code publisher}: by proof, not by names. What isn't shown in time is unproven.
     *
     * @throws ServerException if there is no such subscription, or one of both servers can't be asked
     */
    FollowResult following(String name, ReplicationServer publisher, Duration bound) throws ServerException;

    /** How many tables the server copies at a time for a subscription. */
    int copiesAtATime(Duration bound) throws ServerException;

    /**
     * The tables for which subscriptions that are made here work as their own owner instead of as the tables': those whose row
     * security binds the owner of the table, which makes the server refuse to write as that one.
     */
    List<TableName> writtenAsSubscriber(Duration bound) throws ServerException;
}
