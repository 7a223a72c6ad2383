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
     * The positions of the sequences, after copying them if asked to.
     *
     * @param margin copies them, that many steps beyond the source; empty to only compare
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
     * @param source its position on the source
     * @param target its position on the target; empty if it doesn't exist there
     * @param standing what that means
     * @param bounds the target's lowest and highest value, {@code 1 to 32767}; empty if it doesn't exist there
     */
    public record SequenceStanding(
            TableName name, SequenceState source, Optional<SequenceState> target, Standing standing, String bounds) {

        /** How the target's sequence compares to the source's. */
        public enum Standing {
            /** Both hand out the same value next. */
            EQUAL,
            /** The target's skips some values, which is harmless. */
            AHEAD,
            /** The target's would hand out values that the source has handed out already. */
            BEHIND,
            /** There is none on the target. */
            MISSING,
            /** The source's position is outside the target's bounds. */
            OUT_OF_BOUNDS;

            /** Whether services could continue with it. */
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
             * @throws ServerException if a server can't be reached or refuses
             */
            SequencePair open(ServerPair pair, Duration bound) throws ServerException;
        }

        /**
         * Every sequence of the source, by schema and name.
         *
         * @throws ServerException for instance if a right is missing, which it names
         */
        List<SequenceStanding> compare(Duration bound) throws ServerException;

        /**
         * Sets the target's sequences to the source's positions plus {@code margin} steps. None goes backwards.
         *
         * @throws ServerException also if one is missing or its bounds are too narrow, before anything is set
         */
        void copy(long margin, Duration bound) throws ServerException;

        @Override
        void close();
    }
}
