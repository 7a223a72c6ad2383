package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The subscriptions of a database. What contains a password reaches the server as data, never as the text of a statement, and so
 * is in no log, no view and no message.
 */
public interface Subscriptions {
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

    /**
     * A subscription.
     *
     * @param id the server's number for it, which is in the names of its tables' own slots; 0 where the server keeps it to itself
     * @param name its name
     * @param enabled whether its worker is to run
     * @param slot on the publisher; empty for none
     * @param publications on the publisher
     */
    record Subscription(long id, String name, boolean enabled, String slot, List<String> publications) {
        public Subscription {
            publications = List.copyOf(publications);
        }
    }

    /**
     * How a table of a subscription stands.
     *
     * @param table its name
     * @param state as in {@code pg_subscription_rel}: i, d, f, s or r
     * @param worker the process that copies it now; 0 for none
     * @param rows that the copy has brought; -1 where the server doesn't say
     * @param bytes that the copy has read, or that the table has on disk by now
     * @param rowsLeftOut whether it was taken in without the rows that were there
     */
    record SubscribedTable(TableName table, char state, int worker, long rows, long bytes, boolean rowsLeftOut) {
        /** Whether it follows the changes like the others. */
        public boolean follows() {
            return state == 'r';
        }

        /** Whether its rows are there, and only changes are to be caught up with. */
        public boolean isCopied() {
            return state == 'r' || state == 's' || state == 'f';
        }
    }

    /**
     * As what a subscriber logs in to its publisher. Holds no password, only where it is to be found on this machine.
     *
     * @param login who and where, as seen from the subscriber
     * @param options further parameters of libpq, such as {@code sslmode}; with {@code passfile} no password is handed over
     */
    record SubscriberLogin(ServerLogin login, Map<String, String> options) {
        private static final Set<String> GIVEN_OTHERWISE =
                Set.of("host", "hostaddr", "port", "dbname", "user", "password", "service");

        private static final String OPTIONS = "options";

        /** Refuses options that have a place of their own. */
        public SubscriberLogin {
            options = Map.copyOf(new TreeMap<>(options));
            for (String each : options.keySet()) {
                if (GIVEN_OTHERWISE.contains(each)) {
                    throw new InvalidSettingsException(
                            "--connection-option " + each
                                    + " has an option of its own: --source-host, --replication-username or --replication-password-ref");
                }
                if (!each.matches("[a-z_]+")) {
                    throw new InvalidSettingsException("--connection-option takes names such as sslmode");
                }
            }
        }

        /**
         * The same, whose sessions on the publisher no time-out ends: one would end every copy that takes longer, for ever.
         *
         * @param timeouts settings that the publisher has
         */
        public SubscriberLogin withoutTimeouts(Collection<String> timeouts) {
            Map<String, String> more = new TreeMap<>(options);
            String off = timeouts.stream().map(each -> "-c " + each + "=0").collect(Collectors.joining(" "));
            more.merge(OPTIONS, off, (given, ours) -> ours + " " + given);
            return off.isEmpty() ? this : new SubscriberLogin(login, more);
        }

        /** Whether the password is in a file on the subscriber's machine. */
        public boolean hasPassfile() {
            return options.containsKey("passfile");
        }
    }
}
