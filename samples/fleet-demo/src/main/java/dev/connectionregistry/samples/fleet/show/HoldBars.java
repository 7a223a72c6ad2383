package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.measure.CutoverSteps.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where the hold's time went, as lines: a bar for each step, at its place in time. Pure. */
public final class HoldBars {
    private static final int WIDEST = 60;
    private static final String LABEL = "  %-14s %7s  ";

    private HoldBars() {}

    /** One line for each step, no wider than the terminal. */
    public static List<Line> lines(List<Step> steps, Terminal terminal) {
        List<Line> lines = new ArrayList<>();
        if (steps.isEmpty()) {
            return lines;
        }
        long start = steps.get(0).startMicros();
        long whole = Math.max(1, steps.stream().mapToLong(Step::endMicros).max().orElse(start) - start);
        int label = String.format(Locale.ROOT, LABEL, "", "").length();
        int room = Math.max(10, Math.min(WIDEST, terminal.columns() - label - 1));
        for (Step step : steps) {
            int from = (int) Math.min(room - 1L, (step.startMicros() - start) * room / whole);
            int length = (int) Math.max(1, Math.min(room - from, Math.round((double) step.micros() * room / whole)));
            lines.add(Line.of(String.format(Locale.ROOT, LABEL, step.name(), step.millis()) + " ".repeat(from))
                    .add((terminal.unicode() ? "█" : "#").repeat(length), step.done() ? Style.TARGET : Style.BAD));
        }
        return lines;
    }
}
