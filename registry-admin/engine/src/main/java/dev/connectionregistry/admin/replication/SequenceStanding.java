package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.TableName;
import java.util.Optional;

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
