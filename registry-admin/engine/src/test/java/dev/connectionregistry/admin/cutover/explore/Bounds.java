package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far one exploration goes; within this it is complete. Immutable.
 *
 * @param first what the first coordinator is started for
 * @param takeovers what the second may be started for, at any moment while the run is open
 * @param faults how many faults of each sort there may be; none of those that aren't named
 * @param lag commits on the source that may wait for replication at once, 1 to 3
 * @param options what is looked at more closely
 * @param mutations rules that are left out
 * @param heeded what is checked
 * @param calm whether nothing goes wrong but time-outs of waits, and no transaction begins
 */
record Bounds(
        Purpose first,
        Set<Purpose> takeovers,
        Map<Fault, Integer> faults,
        int lag,
        Set<Option> options,
        Set<Mutation> mutations,
        Set<Invariant> heeded,
        boolean calm) {

    /** What is looked at more closely, and else taken to be done at once. */
    enum Option {
        /** Changes of the poll interval are versions of their own. */
        INTERVAL_WRITES,
        /** Telling the listeners takes time. */
        SLOW_LISTENERS,
        /** When the first cutover is over, another begins from there to a third server, in which nothing goes wrong but time-outs. */
        SECOND_CUTOVER,
        /** The run moves two names, each on a Postgres database of its own, with one instance each; written in one transaction. */
        TWO_NAMES,
        /** Both instances are in one process, whose threads may have a connection of one and wait at the gate of the other. */
        ONE_PROCESS
    }

    /** A cutover, and perhaps one that takes it over. */
    static Bounds cutover(Purpose... takeovers) {
        return new Bounds(
                Purpose.CUTOVER,
                Set.of(takeovers),
                Map.of(),
                1,
                Set.of(),
                Set.of(),
                EnumSet.allOf(Invariant.class),
                false);
    }

    Bounds as(Purpose other) {
        return new Bounds(other, takeovers, faults, lag, options, mutations, heeded, calm);
    }

    Bounds with(Fault fault, int times) {
        Map<Fault, Integer> more = new EnumMap<>(Fault.class);
        more.putAll(faults);
        more.put(fault, times);
        return new Bounds(first, takeovers, Map.copyOf(more), lag, options, mutations, heeded, calm);
    }

    Bounds withLag(int most) {
        return new Bounds(first, takeovers, faults, most, options, mutations, heeded, calm);
    }

    Bounds with(Option option) {
        Set<Option> more = EnumSet.of(option);
        more.addAll(options);
        return new Bounds(first, takeovers, faults, lag, Set.copyOf(more), mutations, heeded, calm);
    }

    /** Without a rule, looking only for what is expected to break; for everything if nothing is. */
    Bounds without(Mutation rule) {
        Set<Invariant> looked = rule.breaks().map(Set::of).orElse(heeded);
        return new Bounds(first, takeovers, faults, lag, options, Set.of(rule), looked, calm);
    }

    /** The same, looking for everything else than this. */
    Bounds heedingAllBut(Invariant invariant) {
        Set<Invariant> others = EnumSet.complementOf(EnumSet.of(invariant));
        return new Bounds(first, takeovers, faults, lag, options, mutations, others, calm);
    }

    /** The same without anything going wrong, and without anything after it. */
    Bounds calmed() {
        Set<Purpose> both = Set.of(Purpose.RESUME, Purpose.ABORT);
        Set<Option> fewer = EnumSet.noneOf(Option.class);
        fewer.addAll(options);
        fewer.remove(Option.SECOND_CUTOVER);
        return new Bounds(first, both, Map.of(), lag, Set.copyOf(fewer), mutations, heeded, true);
    }

    /** Whether acts of a coordinator may fail, if nothing is wrong. */
    boolean allowsFailures(World world) {
        return !calm && !world.isSecondCutover();
    }

    boolean allows(Fault fault, World world) {
        return !world.isSecondCutover() && world.get(Field.FAULTS[fault.code()]) < faults.getOrDefault(fault, 0);
    }

    boolean ever(Fault fault) {
        return faults.getOrDefault(fault, 0) > 0;
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    boolean lacks(Mutation rule) {
        return mutations.contains(rule);
    }

    boolean heeds(Invariant invariant) {
        return heeded.contains(invariant);
    }

    @Override
    public String toString() {
        return first + (takeovers.isEmpty() ? "" : ", taken over by " + new TreeSet<>(takeovers))
                + (faults.isEmpty() ? "" : ", faults " + new EnumMap<>(faults))
                + (options.isEmpty() ? "" : ", " + options)
                + (mutations.isEmpty() ? "" : ", without " + mutations)
                + ", lag " + lag;
    }
}
