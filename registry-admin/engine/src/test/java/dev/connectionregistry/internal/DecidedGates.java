package dev.connectionregistry.internal;

import dev.connectionregistry.internal.GroupDecisions.Passage;
import dev.connectionregistry.internal.GroupDecisions.Stage;
import java.util.List;
import java.util.stream.IntStream;

/** The real decisions about the gates of one process, for tests outside their package. Immutable. */
public final class DecidedGates {
    private final List<GroupDecisions.Gate> gates;

    private DecidedGates(List<GroupDecisions.Gate> gates) {
        this.gates = gates;
    }

    /** How a data source takes part in the run. */
    public enum Taking {
        /** Its settings are in no run, or it serves nothing. */
        NO_PART,
        /** Its gate is open. */
        OPEN,
        /** Its gate is closed, and it isn't HELD. */
        CLOSED,
        /** It is HELD. */
        HELD
    }

    /**
     * A data source of a name of its own.
     *
     * @param inUse whether a connection of it is in use
     * @param unknown whether that was taken before its gate was closed
     */
    public record Source(Taking takes, boolean inUse, boolean unknown) {}

    /** Of these data sources. */
    public static DecidedGates of(List<Source> process) {
        return new DecidedGates(IntStream.range(0, process.size())
                .mapToObj(index -> gate("name " + index, process.get(index)))
                .toList());
    }

    private static GroupDecisions.Gate gate(String name, Source source) {
        Stage stage =
                switch (source.takes()) {
                    case NO_PART -> Stage.IDLE;
                    case OPEN -> Stage.OPEN;
                    case CLOSED -> Stage.CLOSED;
                    case HELD -> Stage.HELD;
                };
        return new GroupDecisions.Gate(name, stage, source.inUse() ? 1 : 0, source.unknown() ? 1 : 0);
    }

    /** Whether all that are closed become HELD now. */
    public boolean areHeld() {
        return GroupDecisions.areHeld(gates);
    }

    /** Whether this one lets everybody through, once it has waited for long enough. */
    public boolean letsEverybodyThrough(int index) {
        return GroupDecisions.passage(gates.get(index), gates, true) == Passage.EVERYBODY;
    }

    /** Whether this one lets those through who were let through another. */
    public boolean letsKnownThrough(int index) {
        return GroupDecisions.passage(gates.get(index), gates, true) != Passage.NOBODY;
    }
}
