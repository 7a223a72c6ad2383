package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.TableName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Compares the sequences of two servers and copies them. Thread-safe. */
public final class Sequences {
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final SequencePair.Opener opener;

    @Inject
    public Sequences(SequencePair.Opener opener) {
        this.opener = opener;
    }

    /**
     * How they stand, after copying them if that is wanted.
     *
     * @param margin copy, that many steps further on; empty to look only
     * @throws OperationException if a server can't be reached, refuses, or a sequence can't be copied
     */
    public List<SequenceStanding> run(ServerPair pair, OptionalLong margin) {
        try (SequencePair servers = opener.open(pair, LOGIN)) {
            if (margin.isPresent()) {
                servers.copy(margin.getAsLong(), BOUND);
            }
            return servers.compare(BOUND);
        } catch (ServerException e) {
            throw ServerErrorText.told(e);
        }
    }

    /**
     * A sequence of the source, and the one of that name on the target. Immutable.
     *
     * @param name its schema and name
     * @param source where it stands on the source
     * @param target where it stands on the target; empty if it isn't there
     * @param standing what that means
     * @param bounds the target's lowest and highest value, {@code 1 to 32767}; empty if it isn't there
     */
    public record SequenceStanding(
            TableName name, SequenceState source, Optional<SequenceState> target, Standing standing, String bounds) {

        /** How the target's stands to the source's. */
        public enum Standing {
            /** Both hand out the same value next. */
            EQUAL,
            /** The target's leaves some values out, which harms nobody. */
            AHEAD,
            /** The target's would hand out values that the source has handed out. */
            BEHIND,
            /** There is none on the target. */
            MISSING,
            /** The target's bounds don't have room for where the source's stands. */
            OUT_OF_BOUNDS;

            /** Whether services could go on with it. */
            public boolean isGood() {
                return this == EQUAL || this == AHEAD;
            }
        }
    }

    /** The sequences of two servers. For one thread. The caller closes it. */
    public interface SequencePair extends AutoCloseable {
        /** Logs in on both servers. */
        interface Opener {
            /**
             * Logs in.
             *
             * @throws ServerException if one of them can't be reached or refuses
             */
            SequencePair open(ServerPair pair, Duration bound) throws ServerException;
        }

        /**
         * Every sequence of the source, by schema and name.
         *
         * @throws ServerException such as where a right is missing, naming it
         */
        List<SequenceStanding> compare(Duration bound) throws ServerException;

        /**
         * Brings the target's to where the source's are, {@code margin} steps further on. None goes backwards.
         *
         * @throws ServerException also if one is missing or has no room, before anything is set
         */
        void copy(long margin, Duration bound) throws ServerException;

        @Override
        void close();
    }
}
