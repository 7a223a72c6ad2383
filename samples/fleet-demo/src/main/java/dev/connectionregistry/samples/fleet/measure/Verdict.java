package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the demo came to.
 *
 * @param unit what is counted: statements, or requests
 * @param statements SQL statements, or requests, acknowledged, warm-up included
 * @param failed pieces of work whose caller saw an error, warm-up included
 * @param rows the acknowledged rows, looked for on the target
 * @param longestMicros the longest piece of work, from asking for the connection to giving it back; without the warm-up
 * @param movedMicros from the write of the endpoint to the last instance's move; negative if one did not move
 * @param allowedMicros how long that may take
 * @param failedCommands of the operator
 * @param cutover what is asked of a cutover besides; empty for a plain move
 * @param upgrade what is asked of an upgrade besides; empty for anything else
 */
public record Verdict(
        String unit,
        long statements,
        long failed,
        RowCount rows,
        long longestMicros,
        long movedMicros,
        long allowedMicros,
        long failedCommands,
        Optional<CutoverFacts> cutover,
        Optional<UpgradeFacts> upgrade) {

    /**
     * From all work; of a plain move.
     *
     * @param measuredFromMicros when the warm-up was over
     */
    public static Verdict of(
            List<Done> work,
            long measuredFromMicros,
            RowCount rows,
            long movedMicros,
            long allowedMicros,
            long failedCommands) {
        String unit = work.stream().map(done -> done.work().unit()).findFirst().orElse(Work.READ.unit());
        long statements = 0;
        long failed = 0;
        long longest = 0;
        for (Done done : work) {
            failed += done.failed() ? 1 : 0;
            statements += done.failed() ? 0 : done.work().statements();
            longest = done.startMicros() < measuredFromMicros ? longest : Math.max(longest, done.micros());
        }
        return new Verdict(
                unit,
                statements,
                failed,
                rows,
                longest,
                movedMicros,
                allowedMicros,
                failedCommands,
                Optional.empty(),
                Optional.empty());
    }

    /** The same of a cutover. */
    public Verdict with(CutoverFacts facts) {
        return new Verdict(
                unit,
                statements,
                failed,
                rows,
                longestMicros,
                movedMicros,
                allowedMicros,
                failedCommands,
                Optional.of(facts),
                Optional.empty());
    }

    /** The same of an upgrade. */
    public Verdict with(UpgradeFacts facts) {
        return new Verdict(
                unit,
                statements,
                failed,
                rows,
                longestMicros,
                movedMicros,
                allowedMicros,
                failedCommands,
                Optional.empty(),
                Optional.of(facts));
    }

    /** What is wrong; empty if nothing is. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        addIf(statements == 0, "there was no load", faults);
        addIf(failedCommands > 0, failedCommands + " of the operator's commands failed", faults);
        addIf(failed > 0, failed + " failed", faults);
        addIf(
                rows.lost() > 0,
                rows.lost() + " acknowledged rows are not on the " + (upgrade.isPresent() ? "fleet's" : "new")
                        + " server",
                faults);
        addIf(rows.doubled() > 0, rows.doubled() + " rows are there twice", faults);
        addIf(movedMicros < 0, "not every instance moved", faults);
        addIf(
                movedMicros > allowedMicros,
                "the last instance moved after " + millis(movedMicros) + " ms; allowed are " + millis(allowedMicros),
                faults);
        cutover.ifPresent(facts -> faults.addAll(facts.faults(longestMicros)));
        upgrade.ifPresent(facts -> faults.addAll(facts.faults(longestMicros)));
        return faults;
    }

    static void addIf(boolean wrong, String fault, List<String> faults) {
        if (wrong) {
            faults.add(fault);
        }
    }

    /** Whether nothing is wrong. */
    public boolean passed() {
        return faults().isEmpty();
    }

    /** For programs: always of this form, always the last line. A cutover's ends with {@code hold_ms}, an upgrade's with more. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "verdict: %s %s=%d failed=%d lost=%d longest_ms=%d moved_ms=%d%s",
                passed() ? "PASS" : "FAIL",
                unit,
                statements,
                failed,
                rows.lost(),
                millis(longestMicros),
                movedMicros < 0 ? -1 : millis(movedMicros),
                cutover.map(facts -> " hold_ms=" + facts.holdMillis()).orElse("")
                        + upgrade.map(UpgradeFacts::line).orElse(""));
    }

    /** Rounded up: 0 would read as nothing. */
    static long millis(long micros) {
        return (micros + 999) / 1_000;
    }
}
