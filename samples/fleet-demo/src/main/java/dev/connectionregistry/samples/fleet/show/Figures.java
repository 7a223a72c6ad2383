package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.CutoverFacts;
import dev.connectionregistry.samples.fleet.measure.Percentiles;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.Report.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines of the summary, the same on the screen and in the report. */
public final class Figures {
    private Figures() {}

    /**
     * From the verdict and all work.
     *
     * @param measuredFromMicros when the warm-up was over
     * @param targetPort tells the target from the source
     */
    public static List<Figure> of(Verdict verdict, List<Done> work, long measuredFromMicros, int targetPort) {
        Percentiles measured = Percentiles.of(work.stream()
                .filter(done -> done.startMicros() >= measuredFromMicros)
                .mapToLong(Done::micros));
        Percentiles warmUp = Percentiles.of(work.stream()
                .filter(done -> done.startMicros() < measuredFromMicros)
                .mapToLong(Done::micros));
        long onTarget = work.stream()
                .filter(done -> !done.failed() && done.port() == targetPort)
                .mapToLong(done -> done.work().statements())
                .sum();
        List<Figure> figures = new ArrayList<>(List.of(
                new Figure(verdict.unit() + " acknowledged", count(verdict.statements())),
                new Figure(
                        "of these on the source / the target",
                        count(verdict.statements() - onTarget) + " / " + count(onTarget)),
                new Figure("failed", count(verdict.failed())),
                new Figure(
                        "rows acknowledged and looked for on the "
                                + (verdict.upgrade().isPresent() ? "fleet's" : "new") + " server",
                        count(verdict.rows().acknowledged())),
                new Figure(
                        "lost / there twice / there unacknowledged",
                        verdict.rows().lost() + " / " + verdict.rows().doubled() + " / "
                                + verdict.rows().unclaimed()),
                new Figure(
                        (verdict.unit().equals(Work.REQUEST.unit())
                                        ? "request and answer"
                                        : "borrow, work and give back")
                                + ": p50 / p99 / longest",
                        millis(measured.at(50)) + " / " + millis(measured.at(99)) + " / " + millis(measured.maximum())),
                new Figure("longest in the warm-up", millis(warmUp.maximum())),
                new Figure(
                        "from the write of the endpoint to the last instance's move",
                        verdict.movedMicros() < 0
                                ? "not all moved"
                                : millis(verdict.movedMicros()) + " (allowed " + millis(verdict.allowedMicros())
                                        + ")")));
        verdict.cutover().ifPresent(facts -> figures.addAll(of(facts)));
        verdict.upgrade().ifPresent(facts -> figures.addAll(of(facts)));
        return List.copyOf(figures);
    }

    private static List<Figure> of(CutoverFacts facts) {
        return List.of(
                new Figure("the hold, as the command says", facts.holdMillis() + " ms"),
                new Figure("a caller may wait", millis(facts.longestAllowedMicros())),
                new Figure(
                        "from the source's last commit to the target's first",
                        facts.commits().onBoth() ? millis(facts.commits().gapMicros()) : "not on both"),
                new Figure(
                        "order numbers given out twice", count(facts.commits().numbersTwice())),
                new Figure("a write on the source now", facts.refusal().isEmpty() ? "taken" : facts.refusal()));
    }

    private static List<Figure> of(UpgradeFacts facts) {
        List<Figure> figures = new ArrayList<>(List.of(
                new Figure(
                        "the holds there and back, as the commands say",
                        facts.there().holdMillis() + " ms / " + facts.back().holdMillis() + " ms"),
                new Figure(
                        "from the write of the way back to the last instance's return",
                        facts.back().movedMicros() < 0
                                ? "not all came back"
                                : millis(facts.back().movedMicros())),
                new Figure("a caller may wait", millis(facts.longestAllowedMicros())),
                new Figure("tables found equal in the end", count(facts.verifiedTables())),
                new Figure("slots, subscriptions and publications left", count(facts.leftovers()))));
        facts.writes().ifPresent(writes -> figures.addAll(of(writes)));
        return figures;
    }

    private static List<Figure> of(UpgradeFacts.Writes writes) {
        return List.of(
                new Figure("rows taken by the source while the target took some", count(writes.onSourceMeanwhile())),
                new Figure("numbers given out twice", count(writes.numbersTwice())),
                new Figure(
                        "orders that took from stock / taken in stock",
                        count(writes.checkedOut()) + " / " + count(writes.taken())),
                new Figure(
                        "a write in each database of the target now",
                        writes.refusals().stream()
                                .map(refusal -> refusal.isEmpty() ? "taken" : refusal)
                                .distinct()
                                .collect(Collectors.joining("; "))));
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String millis(long micros) {
        return String.format(Locale.ROOT, micros < 100_000 ? "%.1f ms" : "%,.0f ms", micros / 1_000.0);
    }
}
