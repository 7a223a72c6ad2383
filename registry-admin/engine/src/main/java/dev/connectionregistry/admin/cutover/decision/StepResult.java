package dev.connectionregistry.admin.cutover.decision;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a step went.
 *
 * @param kind how
 * @param found what {@link Step#LOOK} showed; empty for every other step
 * @param cause what went wrong
 */
public record StepResult(Kind kind, Optional<SettingsState> found, Cause cause) {
    /** How a step went. */
    public enum Kind {
        /** It is done. */
        DONE,
        /** It is not done and won't take effect later; or its time, or the operator's patience, was over. */
        FAILED,
        /** It may have taken effect, or may yet: an answer was lost. */
        UNKNOWN,
        /** Another run has the registry's lock; nothing was changed. */
        LOCK_LOST,
        /** The session on the source is gone, and the right to fence with it. */
        SESSION_LOST
    }

    /** Done. */
    public static StepResult done() {
        return new StepResult(Kind.DONE, Optional.empty(), Cause.NONE);
    }

    /** {@link Step#LOOK} showed this. */
    public static StepResult found(SettingsState what) {
        return new StepResult(Kind.DONE, Optional.of(what), Cause.NONE);
    }

    /** Not done; {@code cause} is for people. */
    public static StepResult of(Kind kind, String cause) {
        return new StepResult(kind, Optional.empty(), Cause.of(cause));
    }

    /** What a look at the settings showed, as far as this run is concerned. */
    public enum SettingsState {
        /** Steady, on the source. */
        STEADY_SOURCE,
        /** This run's PREPARE. */
        PREPARED,
        /** This run's HOLD. */
        HELD,
        /** Steady, on the target. */
        SWITCHED,
        /** Something that this run has no business with: another cutover, a third server, or no settings. */
        FOREIGN;

        private static final List<SettingsState> FURTHEST_FIRST = List.of(HELD, PREPARED, SWITCHED, STEADY_SOURCE);

        /**
         * The state of a group, from the states of its names. The names are written together, so they differ only if
         * somebody wrote some of them without regard to the locks: whatever this run has left in any of them must be
         * brought to an end.
         */
        public static SettingsState ofGroup(Collection<SettingsState> names) {
            return FURTHEST_FIRST.stream().filter(names::contains).findFirst().orElse(FOREIGN);
        }
    }
}
