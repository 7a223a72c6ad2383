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
 * The subscriptions of a database. A password reaches the server as data, never in the text of a statement, so it
 * appears in no log, no view and no message.
 */
public interface Subscriptions {
    List<Subscription> all(Duration bound) throws ServerException;

    /** The oids of all subscriptions on the server, in any database; empty if it doesn't show them. */
    List<Long> everyId(Duration bound) throws ServerException;

    /** Makes a subscription that is disabled and has no slot; connects to nothing. */
    void create(String name, String publication, SubscriberLogin login, Duration bound) throws ServerException;

    /**
     * Makes a subscription that is disabled and follows all tables of its publication, without a copy, from the
     * position of {@code slot}. Unlike with {@link #create} and {@link #refresh}, it knows its tables before it
     * receives a change, so it skips none.
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

    /** Adds tables that are new in its publication; the server connects to the publisher for that. */
    void refresh(String name, boolean copy, Duration bound) throws ServerException;

    /** Detaches it from its slot, so that the publisher isn't contacted, and drops it. It must be disabled before. */
    void drop(String name, Duration bound) throws ServerException;

    /** The states of its tables; empty if it has none. */
    List<SubscribedTable> states(String name, Duration bound) throws ServerException;

    /** How often a copy has failed since the statistics began; -1 if the server doesn't count that (before 15). */
    long copyErrors(String name, Duration bound) throws ServerException;

    /**
     * How often applying changes has failed since the statistics began; -1 if the server doesn't count that (before
     * 15).
     */
    long applyErrors(String name, Duration bound) throws ServerException;

    /** The process that applies its changes now; 0 for none. */
    int applier(String name, Duration bound) throws ServerException;

    /**
     * Whether a subscription reads from {@code publisher}: by proof, not by names. What can't be proven in time is
     * unproven.
     *
     * @throws ServerException if there is no such subscription, or one of the two servers can't be asked
     */
    FollowResult following(String name, ReplicationServer publisher, Duration bound) throws ServerException;

    /** How many tables the server copies at a time for a subscription. */
    int copiesAtATime(Duration bound) throws ServerException;

    /**
     * The tables for which subscriptions made here run as their own owner instead of as the tables' owners: those whose
     * row security binds the owner of the table, as which the server then refuses to write.
     */
    List<TableName> writtenAsSubscriber(Duration bound) throws ServerException;

    /**
     * A subscription.
     *
     * @param id its oid, which is in the names of its tables' own slots; 0 if the server doesn't show it
     * @param name its name
     * @param enabled whether its worker should run
     * @param slot its slot on the publisher; empty for none
     * @param publications its publications on the publisher
     */
    record Subscription(long id, String name, boolean enabled, String slot, List<String> publications) {
        public Subscription {
            publications = List.copyOf(publications);
        }
    }

    /**
     * The state of a table of a subscription.
     *
     * @param table its name
     * @param state its state as in {@code pg_subscription_rel}: i, d, f, s or r
     * @param worker the process that copies it now; 0 for none
     * @param rows how many rows the copy has brought; -1 if the server doesn't say
     * @param bytes how much the copy has read, or how large the table is on disk by now
     * @param rowsLeftOut whether it was added without its existing rows
     */
    record SubscribedTable(TableName table, char state, int worker, long rows, long bytes, boolean rowsLeftOut) {
        /** Whether it follows the changes like the others. */
        public boolean follows() {
            return state == 'r';
        }

        /** Whether its rows are copied, and only changes remain to be applied. */
        public boolean isCopied() {
            return state == 'r' || state == 's' || state == 'f';
        }
    }

    /**
     * The login of a subscriber to its publisher. Holds no password, only where to find it on this machine.
     *
     * @param login who and where, as seen from the subscriber
     * @param options further parameters of libpq, such as {@code sslmode}; with {@code passfile} no password is passed
     */
    record SubscriberLogin(ServerLogin login, Map<String, String> options) {
        private static final Set<String> GIVEN_OTHERWISE =
                Set.of("host", "hostaddr", "port", "dbname", "user", "password", "service");

        private static final String OPTIONS = "options";

        /** Refuses options that are set elsewhere. */
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
         * The same, but no timeout ends its sessions on the publisher: a timeout would end every copy that takes
         * longer, at every attempt.
         *
         * @param timeouts the timeout settings that the publisher has
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
