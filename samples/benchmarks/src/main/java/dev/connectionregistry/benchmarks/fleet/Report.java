package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table, a column for each fleet, and the last line. */
final class Report {
    private static final String NOT_MEASURED = "-";

    private final List<Trial> trials;
    private final List<String> lines = new ArrayList<>();

    /** Of what was measured: at least one fleet. */
    Report(List<Trial> trials) {
        this.trials = trials;
    }

    /** All of it; the last line is for programs. */
    List<String> lines() {
        lines.clear();
        row("instances", trial -> String.valueOf(trial.instances()));
        row("hold, ms", Report::hold);
        row("longest statement, ms", trial -> number(trial.seen().longestMillis()));
        row("floor, ms", trial -> number(trial.floor().millis()));
        row("  to end the pools' sessions", trial -> number(trial.floor().endMillis()));
        row("  a NOTIFY, until the last has it", trial -> number(trial.floor().notifyMillis()));
        row("  two writes of settings", trial -> number(trial.floor().writesMillis()));
        row("failed statements", trial -> String.valueOf(trial.seen().failed()));
        row(
                "acknowledged rows",
                trial -> String.valueOf(trial.seen().acknowledged().size()));
        row("of them lost", trial -> String.valueOf(trial.rows().lost()));
        row("doubled rows", trial -> String.valueOf(trial.rows().doubled()));
        row("reads/s, busiest second", trial -> String.valueOf(trial.readsPerSecond()));
        row("writes/s, busiest second", trial -> String.valueOf(trial.writesPerSecond()));
        row(
                "threads of an instance",
                trial ->
                        String.format(Locale.ROOT, "%.1f", (double) trial.seen().threads() / trial.instances()));
        block(
                "steps of the cutover, ms",
                trial -> trial.end().isComplete() ? trial.end().times().steps() : List.of());
        block("where the hold went, ms", Report::holdParts);
        undone();
        lines.add("");
        lines.add(lastLine());
        return List.copyOf(lines);
    }

    private void row(String title, Function<Trial, String> value) {
        lines.add(String.format(Locale.ROOT, "%-44s", title)
                + trials.stream()
                        .map(trial -> String.format(Locale.ROOT, "%10s", value.apply(trial)))
                        .collect(Collectors.joining()));
    }

    private void block(String title, Function<Trial, List<Step>> parts) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> parts.apply(trial).forEach(step -> names.add(step.name())));
        if (names.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title);
        names.forEach(name -> row("  " + name, trial -> took(parts.apply(trial), name)));
    }

    /** A part that came more than once counts as one. */
    private static String took(List<Step> parts, String name) {
        List<Step> these =
                parts.stream().filter(step -> step.name().equals(name)).toList();
        return these.isEmpty()
                ? NOT_MEASURED
                : number(these.stream().mapToDouble(Step::tookMillis).sum());
    }

    private static List<Step> holdParts(Trial trial) {
        return trial.end().isComplete() ? trial.end().holdParts(trial.seen().moments()) : List.of();
    }

    private void undone() {
        List<Trial> incomplete =
                trials.stream().filter(trial -> !trial.end().isComplete()).toList();
        if (!incomplete.isEmpty()) {
            lines.add("");
        }
        incomplete.forEach(trial -> lines.add((trial.end().isSwitched() ? "NOT ALL SEEN" : "UNDONE") + ": "
                + trial.instances() + " instances, " + trial.end().why()));
    }

    private String lastLine() {
        Trial largest =
                trials.stream().max(Comparator.comparingInt(Trial::instances)).orElseThrow();
        return "fleet instances=" + largest.instances()
                + " hold_ms=" + (largest.end().isComplete() ? hold(largest) : NOT_MEASURED)
                + " longest_ms=" + number(largest.seen().longestMillis())
                + " floor_ms=" + number(largest.floor().millis())
                + " failed=" + largest.seen().failed()
                + " lost=" + largest.rows().lost()
                + " reads_per_s=" + largest.readsPerSecond()
                + " writes_per_s=" + largest.writesPerSecond();
    }

    private static String hold(Trial trial) {
        if (trial.end().isComplete()) {
            return number(trial.end().times().holdMillis());
        }
        return trial.end().isSwitched() ? "not seen" : "undone";
    }

    private static String number(double value) {
        return String.valueOf(Math.round(value));
    }
}
