package dev.connectionregistry.admin.cli.preflight;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.PreflightReport;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Result;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The results of checks as text: in groups, the worst of each group first. Messages are wrapped to the width; remedies
 * never are, since they are meant to be pasted. Pure.
 */
public final class PreflightText {
    private static final int WIDEST_OUTCOME = 7;
    private static final String INDENT = "           ";

    private final ServerPair pair;
    private final CommandText commands;
    private final int width;
    private final boolean colored;
    private final int names;
    private final List<String> lines = new ArrayList<>();
    /** The findings of failed checks, with their remedies, and the first check that had each. */
    private final Map<Finding, String> firstToSay = new HashMap<>();
    /** The advice given, and the first check that gave it. */
    private final Map<String, String> firstToAdvise = new HashMap<>();

    private PreflightText(PreflightReport report, CommandText commands, int width, boolean colored) {
        this.pair = report.pair();
        this.commands = commands;
        this.width = width;
        this.colored = colored;
        this.names = report.results().stream()
                .mapToInt(result -> result.about().name().length())
                .max()
                .orElse(0);
    }

    /** The whole report. It begins with the roles that the checks use; the summary is the last line. */
    public static List<String> lines(PreflightReport report, CommandText commands, int width, boolean colored) {
        PreflightText text = new PreflightText(report, commands, width, colored);
        wrapped(TextTable.printable(whoLooks(report.pair())), Math.max(30, width))
                .forEach(text.lines::add);
        text.lines.add("");
        for (Group group : Group.values()) {
            text.group(group, report.of(group));
        }
        text.lines.add(Tone.BOLD.paint(
                TextTable.printable(report.pair().database() + ", from "
                        + report.pair().sourceSettings().endpoint() + " to "
                        + report.pair().targetSettings().endpoint() + ": " + report.summary()),
                colored));
        return text.lines;
    }

    /**
     * What a role may not do is reported about these two, so the report begins with their names and how to use others.
     */
    private static String whoLooks(ServerPair pair) {
        String source = who(pair.source().username(), pair.sourceSettings().username());
        String target = who(pair.target().username(), pair.targetSettings().username());
        return "checking as " + source + " at the source, "
                + pair.sourceSettings().endpoint() + ", and as " + target
                + " at the target, " + pair.targetSettings().endpoint()
                + "; the results are for their rights. To use others: --admin-username and --target-admin-username";
    }

    private static String who(String role, String services) {
        return role.equals(services) ? "the services' role " + role : role;
    }

    private void group(Group group, List<Result> results) {
        if (results.isEmpty()) {
            return;
        }
        lines.add(Tone.BOLD.paint(group.word().toUpperCase(java.util.Locale.ROOT), colored));
        results.forEach(this::row);
        lines.add("");
    }

    private void row(Result result) {
        Outcome outcome = result.outcome();
        boolean repeated = outcome == Outcome.FAIL
                && firstToSay.putIfAbsent(result.finding(), result.about().name()) != null;
        String head = "  " + pad(outcome.label(), WIDEST_OUTCOME) + "  "
                + pad(result.about().name(), names) + "  ";
        List<String> message =
                wrapped(TextTable.printable(message(result, repeated)), Math.max(30, width - head.length()));
        lines.add("  " + tone(outcome).paint(pad(outcome.label(), WIDEST_OUTCOME), colored)
                + head.substring(2 + WIDEST_OUTCOME) + message.get(0));
        message.stream().skip(1).forEach(more -> lines.add(" ".repeat(head.length()) + more));
        if (!repeated && (outcome == Outcome.FAIL || outcome == Outcome.WARN)) {
            wrapped("why: " + result.about().reason(), Math.max(30, width - INDENT.length()))
                    .forEach(line -> lines.add(INDENT + Tone.FAINT.paint(line, colored)));
        }
        if (!repeated) {
            remedies(result);
        }
    }

    /** A server that can't be reached fails many checks with the same words, which are printed once. */
    private String message(Result result, boolean repeated) {
        String message = result.finding().message();
        return repeated ? "the same as " + firstToSay.get(result.finding()) : message;
    }

    private static List<String> wrapped(String text, int room) {
        return TextTable.wrap(text, room);
    }

    private void remedies(Result result) {
        String where = "";
        Set<String> elsewhere = new TreeSet<>();
        for (Remedy remedy : result.finding().remedies()) {
            Optional<String> said = saidBy(remedy, result.about().name());
            said.ifPresent(elsewhere::add);
            if (said.isPresent()) {
                continue;
            }
            if (!place(remedy).equals(where)) {
                where = place(remedy);
                lines.add(INDENT + where);
            }
            lines.addAll(body(remedy));
        }
        if (!elsewhere.isEmpty()) {
            lines.add(INDENT + "to do: see " + String.join(", ", elsewhere));
        }
    }

    /**
     * The check that has already given the same advice. Statements and commands are always printed, since they are
     * meant to be pasted.
     */
    private Optional<String> saidBy(Remedy remedy, String check) {
        return remedy.place() == Remedy.Place.ADVICE
                ? Optional.ofNullable(firstToAdvise.putIfAbsent(remedy.text(), check))
                : Optional.empty();
    }

    private List<String> body(Remedy remedy) {
        String text = TextTable.printable(remedy.text());
        return switch (remedy.place()) {
            case SOURCE, TARGET -> List.of(INDENT + "  " + text);
            case COMMAND -> List.of(INDENT + "  " + commands.command(text));
            case ADVICE ->
                wrapped(text, Math.max(30, width - INDENT.length() - 2)).stream()
                        .map(line -> INDENT + "  " + line)
                        .toList();
        };
    }

    private String place(Remedy remedy) {
        return switch (remedy.place()) {
            case SOURCE -> "on the source, " + pair.sourceSettings().endpoint() + ":";
            case TARGET -> "on the target, " + pair.targetSettings().endpoint() + ":";
            case COMMAND -> "command:";
            case ADVICE -> "to do:";
        };
    }

    private static String pad(String text, int room) {
        return text + " ".repeat(Math.max(0, room - text.length()));
    }

    private static Tone tone(Outcome outcome) {
        return switch (outcome) {
            case PASS -> Tone.GOOD;
            case WARN -> Tone.WARN;
            case FAIL -> Tone.BAD;
            case UNKNOWN, NOT_YET, SKIPPED -> Tone.FAINT;
        };
    }
}
