package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a move reports when it fails: what was done, which instances are missing, and which commands remain. */
final class MoveMessages {
    /** How many instances a message lists. */
    private static final int NAMED = 10;

    private final DatabaseName database;
    private final CommandText commands;
    private final List<String> done = new ArrayList<>();
    private String goBack = "";
    private Optional<Polling> temporary = Optional.empty();

    MoveMessages(DatabaseName database, CommandText commands) {
        this.database = database;
        this.commands = commands;
    }

    void begin(VersionedSettings base) {
        goBack = commands.command("rollback " + database + " --to " + base.version());
    }

    /**
     * If every instance refuses the version that the move begins from, a rollback must go to the version that they
     * really serve.
     */
    void served(VersionedSettings base, FleetSnapshot fleet) {
        List<FleetMember> live = fleet.live();
        long newest = live.stream()
                .mapToLong(member -> member.report().version())
                .max()
                .orElse(0);
        boolean known = live.stream().allMatch(member -> member.report().acknowledgedVersion() >= base.version());
        if (known && newest > 0 && newest < base.version()) {
            long serving = live.stream()
                    .filter(member -> member.report().version() == newest)
                    .count();
            goBack = commands.command("rollback " + database + " --to " + newest) + " (which " + serving + " of "
                    + live.size() + " instances serve)";
        }
    }

    void temporary(Polling polling) {
        temporary = Optional.of(polling);
    }

    void done(String text) {
        done.add(text);
    }

    /** An instance that is ahead of the table would never follow, so nothing is begun. */
    OperationException ahead(String text) {
        return new OperationException(
                Reason.FAILED,
                text + "; nothing was written",
                FleetEvents.AHEAD_ADVICE + "; then run the command again (" + commands.command("status " + database)
                        + " shows which instances are left)");
    }

    OperationException neverQuick(FleetWatcher.Result outcome, VersionedSettings quick) {
        return new OperationException(
                Reason.NOT_CONVERGED,
                "the fleet did not adopt the poll interval "
                        + Durations.text(quick.settings().polling().interval()) + within(outcome)
                        + "; nothing was moved\n" + stragglers(outcome),
                "see " + commands.command("status " + database) + ", then run the command again");
    }

    OperationException notEveryone(FleetWatcher.Result outcome) {
        return new OperationException(
                Reason.NOT_CONVERGED,
                "the fleet did not " + outcome.snapshot().goal() + within(outcome) + "; the change is written, "
                        + outcome.snapshot().arrived().size() + " of "
                        + outcome.snapshot().live().size() + " follow it\n" + stragglers(outcome),
                "watch the rest with " + commands.command("status " + database + " --watch") + ", or go back with "
                        + goBack);
    }

    private static String within(FleetWatcher.Result outcome) {
        return " within " + FleetEvents.seconds(outcome.status().elapsed());
    }

    private static String stragglers(FleetWatcher.Result outcome) {
        List<String> lines = new ArrayList<>();
        outcome.status().outage().ifPresent(outage -> lines.add("  the fleet can't be read: " + outage));
        FleetSnapshot fleet = outcome.snapshot();
        add(lines, fleet.pending(), member -> straggler(fleet.goal(), member));
        add(lines, fleet.silent(), MoveMessages::silent);
        return String.join("\n", lines);
    }

    private static void add(List<String> lines, List<FleetMember> members, Function<FleetMember, String> text) {
        members.stream().limit(NAMED).forEach(member -> lines.add("  " + text.apply(member)));
        if (members.size() > NAMED) {
            lines.add("  and " + (members.size() - NAMED) + " more");
        }
    }

    private static String straggler(FleetGoal goal, FleetMember member) {
        return member.name() + ": " + member.report().state()
                + member.aheadOf()
                        .map(table -> " and ahead of the table, which is at " + table + "; must be restarted;")
                        .orElse("")
                + " on version "
                + member.report().version() + ", has read " + member.report().acknowledgedVersion() + ", last seen "
                + FleetEvents.seconds(member.age()) + " ago"
                + FleetEvents.problem(goal, member.report())
                        .map(error -> ", last error: " + error)
                        .orElse("");
    }

    /** Says that a silent instance is not waited for. */
    static String silent(FleetMember member) {
        return "not waited for: " + member.name() + ", silent since "
                + member.report().reportedAt() + " (" + FleetEvents.seconds(member.age()) + "), last on version "
                + member.report().version();
    }

    /** Says that another operator wrote {@code current} during the move. */
    static String overtaken(VersionedSettings current) {
        return "another operator wrote version " + current.version() + " meanwhile (by "
                + current.change().by() + "): endpoint " + current.settings().endpoint();
    }

    OperationException interrupted(boolean changeWritten) {
        String what = done.isEmpty()
                ? "nothing was written"
                : done.stream().map(text -> "\n  " + text).collect(Collectors.joining("", "done so far:", ""));
        List<String> remain = new ArrayList<>();
        temporary.ifPresent(polling -> remain.add("restore the poll interval: "
                + commands.command("set-interval " + database + " " + Durations.text(polling.lasting()))));
        if (changeWritten) {
            remain.add("watch the rest follow: " + commands.command("status " + database + " --watch"));
            remain.add("or go back: " + goBack);
        }
        return new OperationException(
                Reason.INTERRUPTED, "stopped; the settings are valid, " + what, String.join("\n  ", remain));
    }

    OperationException notRestored(String problem, String command) {
        return new OperationException(
                Reason.FAILED,
                "the poll interval is still the temporary one: " + problem,
                "restore it with " + command);
    }

    /** The failure, and what happened to the temporary interval. */
    OperationException withRestored(RuntimeException failure, IntervalRestorer.Restored restored, String command) {
        boolean known = failure instanceof OperationException;
        boolean told = known || failure instanceof RegistryException;
        Reason otherwise = told ? Reason.REGISTRY : Reason.FAILED;
        Reason reason = failure instanceof OperationException operation ? operation.reason() : otherwise;
        String next = failure instanceof OperationException operation ? operation.next() : advice(failure);
        String interval = restored.problem()
                .map(problem -> "the poll interval could not be restored: " + problem + "; do it with " + command)
                .or(() -> restored.written()
                        .map(version -> "the poll interval is "
                                + version.settings().polling() + " again (version " + version.version() + ")"))
                .orElse("the poll interval is no longer the temporary one; it was left alone");
        return new OperationException(
                reason,
                (told ? failure.getMessage() : failure) + "\n" + interval,
                next,
                known ? failure.getCause() : failure);
    }

    private String advice(RuntimeException failure) {
        boolean unknown = failure instanceof RegistryException registry
                && registry.kind() == RegistryException.Kind.OUTCOME_UNKNOWN;
        return unknown ? "see the current settings with " + commands.command("show " + database) : "";
    }
}
