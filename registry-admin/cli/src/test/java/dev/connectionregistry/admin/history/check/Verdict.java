package dev.connectionregistry.admin.history.check;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a history came to.
 *
 * @param problems each promise that was broken, with names; empty if none was
 * @param operations all of them
 */
public record Verdict(List<String> problems, List<Operation> operations) {
    /** Those that ended so. */
    public List<Operation> ended(Outcome outcome) {
        return operations.stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** The one whose caller waited longest. */
    public Optional<Operation> longest() {
        return longest(operations);
    }

    /** The one of {@code among} whose caller waited longest. */
    public static Optional<Operation> longest(List<Operation> among) {
        return among.stream().max(Comparator.comparingLong(Operation::micros));
    }

    /** Figures in one line. */
    @Override
    public String toString() {
        return operations.size() + " operations, " + ended(Outcome.OK).size() + " acknowledged, "
                + ended(Outcome.FAILED).size() + " failed, "
                + ended(Outcome.UNKNOWN).size()
                + " unknown; longest: " + longest().map(Operation::toString).orElse("none") + "; problems: " + problems;
    }
}
