package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.step.StepActions;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.AdminOptionText;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a run ended, for people: in one line, how things stand now, and what to type next. Pure. */
public final class RunSummary {
    private final CutoverResult result;
    private final CommandText commands;

    public RunSummary(CutoverResult result, CommandText commands) {
        this.result = result;
        this.commands = commands;
    }

    /** {@code cutover c-3f9a1b2c: switched orders from db1:5432/orders to db2:5432/orders, version 7; hold 84 ms}. */
    public String headline() {
        return "cutover " + result.spec().id() + ": " + what()
                + result.version()
                        .filter(any -> result.spec().members().size() == 1)
                        .map(version -> ", version " + version)
                        .orElse("")
                + result.hold()
                        .map(hold -> "; hold " + hold.toMillis() + " ms" + since() + known())
                        .orElse("");
    }

    private String known() {
        return result.holdKnown()
                .map(later -> " to the last write that could end it; that answer was lost, and the end was confirmed"
                        + " after "
                        + later.toMillis() + " ms")
                .orElse("");
    }

    private String since() {
        return switch (result.state().purpose()) {
            case RESUME -> " since the run was resumed";
            case ABORT -> " since the run was taken over";
            case CUTOVER, REHEARSAL -> "";
        };
    }

    private String what() {
        String move = result.spec().route();
        return switch (result.outcome()) {
            case SWITCHED -> "switched " + move;
            case SWITCHED_NOT_ALL_SEEN -> "switched " + move + ", but not every instance was seen there";
            case REHEARSED -> "rehearsed " + move;
            case UNDONE -> "undone; " + result.spec().places(GroupMember::source);
            case REFUSED -> "refused; nothing was started";
            case TAKEN_OVER -> "taken over by another coordinator";
            case TOO_LATE -> "too late to undo; " + result.spec().places(GroupMember::target);
            case FOREIGN -> "given up: another operator changed " + changed();
            case STUCK -> "stuck; the run stays open";
        };
    }

    private DatabaseName database() {
        return result.spec().database();
    }

    private String changed() {
        return result.spec().names().stream().map(DatabaseName::value).collect(Collectors.joining(" or "));
    }

    private String sources() {
        return result.spec().endpoints(GroupMember::source);
    }

    private String fenced() {
        return result.spec().fencedEndpoints();
    }

    private String targets() {
        return result.spec().endpoints(GroupMember::target);
    }

    /** Without the servers of readers. */
    private String writtenTargets() {
        return result.spec().databases().stream()
                .map(each -> each.get(0).target().endpoint().toString())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    private boolean isOfSeveralDatabases() {
        return result.spec().databases().size() > 1;
    }

    /** What the fence around the source is now. */
    public String fence() {
        return switch (result.outcome()) {
            case SWITCHED, SWITCHED_NOT_ALL_SEEN, TOO_LATE ->
                "the " + result.spec().options().fence()
                        + (isOfSeveralDatabases() ? " fences stay up on " : " fence stays up on ") + fenced();
            case REHEARSED, UNDONE, REFUSED -> "no fence of this run is up";
            case TAKEN_OVER, FOREIGN -> "whether a fence is up depends on the coordinator that executes the run now";
            case STUCK ->
                result.state().fenceMayBeUp() || !hasLooked()
                        ? (isOfSeveralDatabases() ? "the fences on " : "the fence on ") + fenced() + " may be up"
                        : "no fence of this run is up";
        };
    }

    public String callers() {
        return switch (result.outcome()) {
            case SWITCHED -> "callers are on " + targets();
            case SWITCHED_NOT_ALL_SEEN, TOO_LATE ->
                "callers go to " + targets() + " as their instances read the settings";
            case REHEARSED, UNDONE, REFUSED -> "callers are on " + sources();
            case TAKEN_OVER, FOREIGN -> "callers follow the current settings";
            case STUCK -> stuckCallers();
        };
    }

    private String stuckCallers() {
        boolean mayBeSwitched = !hasLooked() || result.steps().stream().anyMatch(step -> step.step() == Step.SWITCH);
        return mayBeSwitched
                ? "callers go to " + targets()
                        + " if the switch is done; otherwise they wait at most twice the hold budget, then continue"
                        + " against " + sources()
                : "callers wait at most twice the hold budget, then go on against " + sources();
    }

    /** A coordinator that takes over knows nothing of how things stand until it has looked. */
    private boolean hasLooked() {
        return !result.state().purpose().takesOver()
                || result.steps().stream()
                        .anyMatch(step -> step.step() == Step.LOOK && step.kind() == StepResult.Kind.DONE);
    }

    /** The error that this outcome amounts to; empty if the run did what was asked and left nothing behind. */
    public Optional<OperationException> problem() {
        Optional<Reason> reason = isAsked() ? Optional.empty() : reason();
        boolean leftBehind = isLeft(Step.RESTORE_INTERVAL) || isLeft(Step.UNLOCK);
        return reason.or(() -> leftBehind ? Optional.of(Reason.FAILED) : Optional.empty())
                .map(why -> new OperationException(why, message(), next()));
    }

    private boolean isAsked() {
        return result.outcome() == RunOutcome.UNDONE && result.state().purpose() == Purpose.ABORT;
    }

    /** Whether the last attempt at this step failed. */
    private boolean isLeft(Step which) {
        return result.steps().stream()
                .filter(step -> step.step() == which)
                .reduce((first, second) -> second)
                .filter(step -> step.kind() != StepResult.Kind.DONE)
                .isPresent();
    }

    /** What to type to tidy up what was left behind; empty if nothing was. */
    private String tidy() {
        if (isLeft(Step.UNLOCK)) {
            return takeOver(isForward() ? "resume" : "abort") + ", which gives the lock back";
        }
        return isLeft(Step.RESTORE_INTERVAL) ? "restore the poll interval with " + setInterval() : "";
    }

    /** With the same logins, since no journal contains them. */
    private String takeOver(String how) {
        return commands.command("cutover " + how + " " + database()
                + AdminOptionText.of(
                        result.spec().sourceAdmin(),
                        result.spec().source(),
                        result.spec().targetAdmin(),
                        result.spec().target(),
                        result.spec().options().targetAdmin().defaults()));
    }

    private boolean isForward() {
        return switch (result.outcome()) {
            case SWITCHED, SWITCHED_NOT_ALL_SEEN, TOO_LATE -> true;
            case REHEARSED, UNDONE, REFUSED, TAKEN_OVER, FOREIGN, STUCK -> false;
        };
    }

    private String setInterval() {
        return result.spec().members().stream()
                .map(each -> commands.command("set-interval " + each.name() + " "
                        + Durations.text(each.source().polling().lasting())))
                .collect(Collectors.joining(" and "));
    }

    private Optional<Reason> reason() {
        return switch (result.outcome()) {
            case SWITCHED, REHEARSED -> Optional.empty();
            case UNDONE -> Optional.of(Reason.UNDONE);
            case REFUSED, STUCK, TOO_LATE -> Optional.of(Reason.FAILED);
            case TAKEN_OVER, FOREIGN -> Optional.of(Reason.CONFLICT);
            case SWITCHED_NOT_ALL_SEEN -> Optional.of(Reason.NOT_CONVERGED);
        };
    }

    /**
     * The commands that make each source follow its target. They should be given at once: until then the slot for the
     * way back keeps WAL, and what is written is on the target only. None if the fleet didn't move, or no such slot was
     * asked for.
     */
    public List<String> wayBack() {
        return result.spec().databases().stream()
                .flatMap(each -> wayBack(each.get(0)).stream())
                .toList();
    }

    /** The same of one Postgres database, by the first of its names. */
    public Optional<String> wayBack(GroupMember lead) {
        return result.spec().options().reverseSlot().filter(slot -> isForward()).map(slot -> reverse(lead, slot));
    }

    /** What it means that a switch was made without a slot for the way back; empty for every other outcome. */
    public Optional<String> noWayBack() {
        return isForward() && result.spec().options().reverseSlot().isEmpty()
                ? Optional.of("no slot for the way back was made: going back would lose what is written on "
                        + writtenTargets()
                        + " from now on")
                : Optional.empty();
    }

    private String reverse(GroupMember lead, String slot) {
        boolean usual =
                slot.isEmpty() || slot.equals(ReplicationNames.of(lead.name()).earlier());
        return commands.command("replication reverse " + lead.name() + " --target "
                + Remedy.word(lead.source().endpoint())
                + (usual ? "" : " --reverse-slot " + Remedy.word(slot))
                + AdminOptionText.of(
                        result.spec().targetAdmin(lead),
                        lead.target(),
                        result.spec().sourceAdmin(lead),
                        lead.target(),
                        result.spec().options().sourceAdmin().defaults()));
    }

    /** What else {@link #wayBack} needs; empty if nothing. Before Postgres 16 only a superuser may subscribe. */
    public Optional<String> wayBackWants() {
        boolean unnamed = result.spec().options().sourceAdmin().isSame();
        return !wayBack().isEmpty()
                        && unnamed
                        && result.sourceMajor().orElse(SupportedMajors.SUBSCRIBING_ROLE)
                                < SupportedMajors.SUBSCRIBING_ROLE
                ? Optional.of("on Postgres " + result.sourceMajor().getAsInt() + " only a superuser may do that: give"
                        + " --target-admin-username SUPERUSER --target-admin-password-ref REF")
                : Optional.empty();
    }

    /** The step whose failure {@link #problem} explains; empty if it explains none. */
    public Optional<StepRecord> failed() {
        return problem().flatMap(any -> firstFailed());
    }

    private Optional<StepRecord> firstFailed() {
        return result.steps().stream()
                .filter(step -> step.kind() != StepResult.Kind.DONE)
                .findFirst();
    }

    /** By the operator, so that there is nothing to fix. */
    private boolean isStopped() {
        return result.state().verdict().cause().stopped();
    }

    private String message() {
        String failed = firstFailed().map(this::failure).orElse("");
        return headline() + failed + "\nnow: " + fence() + "; " + callers();
    }

    private String failure(StepRecord step) {
        return (isStopped() ? "\nstopped: " : "\nfailed: ")
                + StepActions.usual().of(step.step()).title() + ": " + step.evidence();
    }

    private String again(String unlessStopped) {
        return isStopped() ? "nothing needs fixing; run the command again when you want to move" : unlessStopped;
    }

    /** {@code then} is what to do once what was left behind is tidied up. */
    private String tidied(String then) {
        return tidy().isEmpty() ? then : tidy() + "; then " + then;
    }

    private String next() {
        String db = database().value();
        return switch (result.outcome()) {
            case SWITCHED, REHEARSED -> tidy();
            case UNDONE ->
                isAsked()
                        ? tidy()
                        : tidied(again(
                                "fix what failed, check with --dry-run or --rehearse, then run the command again"));
            case REFUSED ->
                again("fix what the message names, check with --dry-run, then run the command again; see also "
                        + commands.command("cutover status " + db));
            case TAKEN_OVER, FOREIGN -> commands.command("cutover status " + db);
            case SWITCHED_NOT_ALL_SEEN, TOO_LATE ->
                tidied(result.spec().names().stream()
                        .map(name -> commands.command("status " + name + " --watch"))
                        .collect(Collectors.joining(" and ")));
            case STUCK ->
                takeOver("abort") + " or " + takeOver("resume")
                        + ", once the cause is fixed (resume also with the options that it was started with)";
        };
    }
}
