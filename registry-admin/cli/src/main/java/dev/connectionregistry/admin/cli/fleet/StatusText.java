package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.settings.TransitionText;
import dev.connectionregistry.admin.cli.terminal.ProblemText;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code status} shows: the current settings in a few lines, the fleet, and how many follow. Pure. */
public final class StatusText {
    /** The latest failed starts: enough to show why something crashes repeatedly. */
    private static final int FAILED_STARTS = 3;

    private StatusText() {}

    /** The lines, each at most {@code width} wide; {@code all} lists every stopped instance. */
    public static List<String> lines(
            VersionedSettings current, FleetSnapshot fleet, boolean all, int width, boolean colored) {
        return lines(
                current,
                fleet,
                all,
                "a move or a cutover is under way or was interrupted; see 'cutover status'",
                width,
                colored);
    }

    /** The same for a cutover's status, which knows the lock. */
    public static List<String> lines(
            VersionedSettings current, Optional<CutoverLock> lock, FleetSnapshot fleet, int width, boolean colored) {
        String why = lock.filter(CutoverLock::held)
                .map(held -> "it stays until cutover " + held.runId() + " has ended")
                .orElse("a move is under way or was interrupted (set-interval restores it)");
        return lines(current, fleet, false, why, width, colored);
    }

    private static List<String> lines(
            VersionedSettings current, FleetSnapshot fleet, boolean all, String why, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        boolean temporary = current.settings().polling().isTemporary();
        String poll = ", poll " + current.settings().polling();
        lines.add(Tone.BOLD.paint(
                cut(
                        current.database() + " version " + current.version() + ": "
                                + current.settings().endpoint() + " as "
                                + current.settings().username()
                                + (temporary ? "" : poll),
                        width),
                colored));
        TransitionText.headline(current).ifPresent(text -> lines.add(Tone.WARN.paint(cut(text, width), colored)));
        if (temporary) {
            lines.add(Tone.WARN.paint(cut(temporary(current, why), width), colored));
        }
        String reason = current.change().reason();
        lines.add(Tone.FAINT.paint(
                cut(
                        "changed " + current.change().at() + " by "
                                + current.change().by() + (reason.isEmpty() ? "" : ": " + reason),
                        width),
                colored));
        if (fleet.members().isEmpty()) {
            lines.add(cut("no instance uses it: there are no reports", width));
            lines.addAll(ProblemText.unreadable(fleet.unreadable(), width, colored));
            return lines;
        }
        FleetSnapshot shown = all ? fleet : fleet.running();
        if (!shown.members().isEmpty() || !shown.unreadable().isEmpty()) {
            lines.addAll(FleetTable.lines(shown, current.transition().map(Transition::phase), width, colored));
        }
        int hidden = fleet.members().size() - shown.members().size();
        if (hidden > 0) {
            lines.add(Tone.FAINT.paint(cut(hidden + " stopped (--all shows them)", width), colored));
        }
        fleet.failedToStart().stream()
                .limit(FAILED_STARTS)
                .forEach(member -> lines.addAll(ProblemText.cause(
                        member.name() + " did not start, " + FleetEvents.seconds(member.age()) + " ago: "
                                + member.report().lastError().orElse(""),
                        width,
                        colored)));
        FleetEvents.ahead(fleet)
                .ifPresent(
                        text -> lines.add(Tone.BAD.paint(cut(text + "; " + FleetEvents.AHEAD_ADVICE, width), colored)));
        plain(fleet).ifPresent(text -> lines.add(Tone.WARN.paint(cut(text, width), colored)));
        lines.add(
                current.transition().isPresent()
                        ? summary(current.transition().get().phase(), fleet, width, colored)
                        : summary(fleet, width, colored));
        return lines;
    }

    private static Optional<String> plain(FleetSnapshot fleet) {
        int plain = fleet.plain().size();
        return plain == 0
                ? Optional.empty()
                : Optional.of(Plural.of(plain, "plain member follows", "plain members follow")
                        + " moves, but can't hold callers: a cutover needs --without for each");
    }

    private static String temporary(VersionedSettings current, String why) {
        return "poll " + current.settings().polling() + ": temporary; "
                + (current.transition().isPresent() ? "it stays until the cutover has ended" : why);
    }

    private static String summary(Transition.Phase phase, FleetSnapshot fleet, int width, boolean colored) {
        InstanceState wanted = FleetTable.wanted(phase);
        List<FleetMember> holding =
                fleet.live().stream().filter(member -> !member.plain()).toList();
        long there = holding.stream()
                .filter(member -> FleetTable.isThere(member, wanted, fleet.goal()))
                .count();
        String text = there + " of " + holding.size() + " live instances are " + wanted + " for version "
                + fleet.goal().version() + silent(fleet);
        return (there == holding.size() ? Tone.GOOD : Tone.WARN).paint(cut(text, width), colored);
    }

    private static String silent(FleetSnapshot fleet) {
        return fleet.silent().isEmpty() ? "" : "; " + fleet.silent().size() + " silent";
    }

    private static String summary(FleetSnapshot fleet, int width, boolean colored) {
        String text = fleet.arrived().size() + " of " + fleet.live().size() + " live instances "
                + fleet.goal().toString().replace("serve ", "serve at least ")
                + silent(fleet);
        return (fleet.converged() ? Tone.GOOD : Tone.WARN).paint(cut(text, width), colored);
    }

    private static String cut(String text, int width) {
        return TextTable.cut(TextTable.printable(text), width);
    }
}
