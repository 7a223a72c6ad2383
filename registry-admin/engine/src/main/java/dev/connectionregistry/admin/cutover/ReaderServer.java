package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One server from which a name only reads: a standby, or the primary itself. It is asked and never changed, and nothing
 * is locked there. For one thread at a time, except {@link #cancel}. Bounds as in {@link SourceServer}.
 */
public interface ReaderServer extends AutoCloseable {
    /** Opens a session. */
    interface Opener {
        ReaderServer open(Duration bound) throws ServerException;
    }

    /** What the server is now. */
    State state(Duration bound) throws ServerException;

    /** Ends the statement that is under way, which then fails; from any thread. */
    default void cancel() {}

    @Override
    void close();

    /**
     * What a server is. Pure.
     *
     * @param server where it is
     * @param identity which server it is; the timeline is the one that a standby replays
     * @param standby whether it is in recovery
     * @param position up to where it has replayed, such as {@code 0/16B3748}; of a primary, where it writes
     */
    record State(Endpoint server, PostgresIdentity identity, boolean standby, String position) {
        private static final int HEX = 16;
        private static final int SECOND_HALF = 32;

        /** Why this is neither {@code primary} nor a standby of it on its timeline; empty if it is. {@code which} is what people call it. */
        public Optional<String> difference(String which, PostgresIdentity primary) {
            if (!standby && identity.isStill(primary)) {
                return Optional.empty();
            }
            if (identity.hidesCluster() || primary.hidesCluster()) {
                return Optional.of("it can't be proven that " + server + " belongs to the same cluster as " + which
                        + ": they don't report their system identifier; log in as a role that may execute"
                        + " pg_control_system()");
            }
            if (!identity.systemIdentifier().equals(primary.systemIdentifier())) {
                return Optional.of(server + " belongs to a different cluster from " + which + ": its system identifier"
                        + " is "
                        + identity.systemIdentifier() + ", not " + primary.systemIdentifier());
            }
            if (!identity.database().equals(primary.database())) {
                return Optional.of(server + " is a different database of the cluster from " + which + " ("
                        + primary.database() + ")");
            }
            return standby ? differentTimeline(which, primary) : Optional.of(copy(which, primary));
        }

        private Optional<String> differentTimeline(String which, PostgresIdentity primary) {
            int here = timeline(identity);
            int there = timeline(primary);
            if (here == 0 || there == 0) {
                return Optional.of("it can't be proven that " + server + " follows " + which
                        + ": it doesn't report which timeline it replays; log in as a role that has pg_monitor");
            }
            return here == there
                    ? Optional.empty()
                    : Optional.of(server + " is a standby on timeline " + here + ", and " + which + " is on timeline "
                            + there);
        }

        private String copy(String which, PostgresIdentity primary) {
            return server + " is not in recovery and not " + which + ", so it is a promoted standby or a copy: it is "
                    + identity + ", and " + which + " is " + primary;
        }

        private static int timeline(PostgresIdentity identity) {
            return identity.run().map(PostgresIdentity.ServerRun::timeline).orElse(0);
        }

        /** By how many bytes it is behind {@code wanted}; 0 or less if it has all of it. A primary is never behind itself. */
        public long behind(String wanted) {
            return standby ? bytes(wanted) - bytes(position) : 0;
        }

        private static long bytes(String position) {
            String[] halves = Objects.requireNonNull(position).split("/", 2);
            return (Long.parseLong(halves[0], HEX) << SECOND_HALF) + Long.parseLong(halves[1], HEX);
        }
    }
}
