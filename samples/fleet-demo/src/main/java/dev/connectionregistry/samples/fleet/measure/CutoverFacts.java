package dev.connectionregistry.samples.fleet.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * What a cutover promises beyond a move, as it was found afterwards. Times are microseconds since 1970.
 *
 * @param holdMillis how long callers could have been waiting, as the command says; -1 if it didn't
 * @param switchMicros when the target was written into the registry; -1 if it never was
 * @param commits what both servers say of their commits
 * @param refusal how the source refused the service's role a write at the end; empty if it took it
 * @param longestAllowedMicros how long a caller may have waited
 */
public record CutoverFacts(
        long holdMillis, long switchMicros, Commits commits, String refusal, long longestAllowedMicros) {
    /** SQLState of a write in a read-only transaction. */
    private static final String READ_ONLY = "25006";

    /**
     * What the servers say of the services' writes.
     *
     * @param lastOnSourceMicros the last commit on the source; -1 if there is none
     * @param firstOnTargetMicros the first commit on the target that isn't replication's; -1 if there is none
     * @param numbersTwice rows on the target whose number another row has too
     */
    public record Commits(long lastOnSourceMicros, long firstOnTargetMicros, long numbersTwice) {
        /** Whether both servers have some. */
        public boolean onBoth() {
            return lastOnSourceMicros > 0 && firstOnTargetMicros > 0;
        }

        /** From the last write on the source to the first on the target; negative if they overlap. */
        public long gapMicros() {
            return firstOnTargetMicros - lastOnSourceMicros;
        }
    }

    /** What is wrong with it; empty if nothing is. */
    List<String> faults(long longestMicros) {
        List<String> faults = new ArrayList<>();
        Verdict.addIf(holdMillis < 0, "the cutover does not say how long its hold was", faults);
        Verdict.addIf(!commits.onBoth(), "there are not writes on both servers whose commits have a time", faults);
        Verdict.addIf(
                commits.onBoth() && commits.gapMicros() <= 0,
                "a write was committed on the source " + -commits.gapMicros() + " us after the first on the target",
                faults);
        Verdict.addIf(
                commits.onBoth() && (switchMicros < 0 || commits.firstOnTargetMicros() < switchMicros),
                "a write was committed on the target before the switch",
                faults);
        Verdict.addIf(
                commits.numbersTwice() > 0, commits.numbersTwice() + " order numbers were given out twice", faults);
        Verdict.addIf(refusal.isEmpty(), "the source still takes writes of the services' role", faults);
        Verdict.addIf(
                !refusal.isEmpty() && !refusal.startsWith(READ_ONLY),
                "the source fails writes of the services' role for another reason than its fence: " + refusal,
                faults);
        Verdict.addIf(
                longestMicros > longestAllowedMicros,
                "a caller waited " + Verdict.millis(longestMicros) + " ms; allowed are "
                        + Verdict.millis(longestAllowedMicros),
                faults);
        return faults;
    }
}
