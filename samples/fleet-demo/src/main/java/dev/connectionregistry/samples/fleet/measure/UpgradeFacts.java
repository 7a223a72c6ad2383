package dev.connectionregistry.samples.fleet.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an upgrade promises beyond a move, as it was found afterwards: the fleet was cut over to the target and back, with
 * everything that the operator does before, between and after. Immutable.
 *
 * @param there the cutover to the target
 * @param back the cutover back to the source
 * @param longestAllowedMicros how long a caller may have waited
 * @param verifiedTables how many tables the last comparison found equal
 * @param leftovers slots, subscriptions and publications that are left on the two servers
 * @param writes what the servers say of the services' writes; empty if their rows don't say which server took them
 * @param surprises what went otherwise than it should on the way
 */
public record UpgradeFacts(
        Leg there,
        Leg back,
        long longestAllowedMicros,
        int verifiedTables,
        long leftovers,
        Optional<Writes> writes,
        List<String> surprises) {
    /** SQLState of a write in a read-only transaction. */
    private static final String READ_ONLY = "25006";

    /**
     * One of the two cutovers.
     *
     * @param holdMillis how long callers could have been waiting, as the command says; -1 if it didn't
     * @param movedMicros from the switch to the last instance's move; negative if one did not move
     */
    public record Leg(long holdMillis, long movedMicros) {}

    /**
     * The services' writes, as both servers have them.
     *
     * @param onTarget how many were committed on the target
     * @param onSourceMeanwhile how many of the source's were committed between the first and the last of these
     * @param outside how many of the target's were committed before the switch there or after the one back
     * @param numbersTwice numbers from sequences that were given out twice
     * @param checkedOut acknowledged orders that took something from stock
     * @param taken how often something was taken from stock
     * @param refusals how each database of the target, left behind, refused a write at the end; empty for one that took it
     */
    public record Writes(
            long onTarget,
            long onSourceMeanwhile,
            long outside,
            long numbersTwice,
            long checkedOut,
            long taken,
            List<String> refusals) {
        /** Copies the list. */
        public Writes {
            refusals = List.copyOf(refusals);
        }

        private List<String> faults() {
            List<String> faults = new ArrayList<>();
            Verdict.addIf(onTarget == 0, "nothing was written on the target", faults);
            Verdict.addIf(
                    onSourceMeanwhile > 0,
                    onSourceMeanwhile + " writes were committed on the source while the target took writes",
                    faults);
            Verdict.addIf(
                    outside > 0,
                    outside + " writes were committed on the target while the source was the fleet's",
                    faults);
            Verdict.addIf(numbersTwice > 0, numbersTwice + " numbers were given out twice", faults);
            Verdict.addIf(
                    checkedOut != taken,
                    checkedOut + " orders took something from stock, which counts " + taken,
                    faults);
            refusals.stream()
                    .filter(refusal -> !refusal.startsWith(READ_ONLY))
                    .map(refusal -> refusal.isEmpty()
                            ? "the target, left behind, still takes writes"
                            : "the target fails writes for another reason than its fence: " + refusal)
                    .forEach(faults::add);
            return faults;
        }
    }

    /** Copies the list. */
    public UpgradeFacts {
        surprises = List.copyOf(surprises);
    }

    /** What is wrong with it; empty if nothing is. */
    List<String> faults(long longestMicros) {
        List<String> faults = new ArrayList<>(surprises);
        Verdict.addIf(
                there.holdMillis() < 0 || back.holdMillis() < 0,
                "a cutover does not say how long its hold was",
                faults);
        Verdict.addIf(back.movedMicros() < 0, "not every instance came back", faults);
        Verdict.addIf(
                Math.max(longestMicros, back.movedMicros()) > longestAllowedMicros,
                "a caller waited " + Verdict.millis(longestMicros) + " ms and the last instance came back after "
                        + Verdict.millis(back.movedMicros()) + " ms; allowed are "
                        + Verdict.millis(longestAllowedMicros),
                faults);
        Verdict.addIf(verifiedTables == 0, "no table was found equal in the end", faults);
        Verdict.addIf(leftovers > 0, leftovers + " slots, subscriptions or publications are left", faults);
        writes.ifPresent(found -> faults.addAll(found.faults()));
        return faults;
    }

    /** The end of the closing line. */
    String line() {
        return " hold_ms=" + there.holdMillis() + " back_moved_ms="
                + (back.movedMicros() < 0 ? -1 : Verdict.millis(back.movedMicros())) + " back_hold_ms="
                + back.holdMillis() + " verified=" + verifiedTables;
    }
}
