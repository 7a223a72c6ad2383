package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.PostgresIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run as it stands in its journal. What it says about the servers is not trusted: the plan of the fence is shown to people and
 * never carried out (the record on the source is), and the servers' identities are compared.
 *
 * @param spec what is to be done
 * @param coordinators who has carried it out, in order, such as {@code alice@laptop (resume)}
 * @param fence how the fence goes up and down; empty until it was planned
 * @param sourceIdentity which server is left; empty until it was asked
 * @param targetIdentity which server is gone to; empty until it was asked
 * @param steps what was done, the latest {@link #KEPT_STEPS}
 * @param reverseSlotBegun whether the reverse slot may have been made
 * @param step what is done now, or was done last
 * @param undoing whether it is on its way back
 * @param outcome how it ended; empty while it is open
 * @param cause the first thing that went wrong; empty if nothing did
 */
public record RunRecord(
        RunSpec spec,
        List<String> coordinators,
        Optional<FencePlan> fence,
        Optional<PostgresIdentity> sourceIdentity,
        Optional<PostgresIdentity> targetIdentity,
        List<StepRecord> steps,
        boolean reverseSlotBegun,
        Step step,
        boolean undoing,
        Optional<RunOutcome> outcome,
        String cause) {
    public static final int KEPT_STEPS = 200;

    public RunRecord {
        coordinators = List.copyOf(coordinators);
        steps = List.copyOf(steps.subList(Math.max(0, steps.size() - KEPT_STEPS), steps.size()));
    }

    public static RunRecord of(RunSpec spec) {
        return new RunRecord(
                spec,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Step.TAKE_REGISTRY_LOCK,
                false,
                Optional.empty(),
                "");
    }

    /**
     * The slot of the way back by its name, also where the operator gave none: that contains both servers. Empty if none was asked
     * for.
     */
    public Optional<String> reverseSlot() {
        return spec.options().reverseSlot().map(name -> name.isEmpty() ? usualReverseSlot() : name);
    }

    private String usualReverseSlot() {
        ReplicationNames names = ReplicationNames.of(spec.database());
        return sourceIdentity.isPresent() && targetIdentity.isPresent()
                ? names.between(sourceIdentity.get(), targetIdentity.get()).namedWayBack()
                : names.earlier();
    }

    /** With other logins or options. */
    public RunRecord with(RunSpec other) {
        return changed(next -> next.spec = other);
    }

    /** Carried out by {@code who} from now on. */
    public RunRecord carriedOutBy(String who) {
        return changed(next -> next.coordinators = and(coordinators, who));
    }

    /** On its way between these servers. */
    public RunRecord between(PostgresIdentity source, PostgresIdentity target) {
        return changed(next -> {
            next.sourceIdentity = Optional.of(source);
            next.targetIdentity = Optional.of(target);
        });
    }

    public RunRecord fencedBy(FencePlan plan) {
        return changed(next -> next.fence = Optional.of(plan));
    }

    /** After {@code step}. */
    public RunRecord after(StepRecord step) {
        return changed(next -> next.steps = and(steps, step));
    }

    /** In this state; {@code slotBegun} says whether the reverse slot may be made from now on. */
    public RunRecord in(RunState state, boolean slotBegun, Optional<RunOutcome> ended) {
        return changed(next -> {
            next.reverseSlotBegun = reverseSlotBegun || slotBegun;
            next.step = state.step();
            next.undoing = state.undoing();
            next.outcome = ended;
            next.cause = state.cause();
        });
    }

    /** What an earlier coordinator wrote, carried on by the last one of this. */
    public RunRecord goingOnFrom(RunRecord theirs) {
        return theirs.with(spec).carriedOutBy(coordinators.get(coordinators.size() - 1));
    }

    private RunRecord changed(Consumer<Draft> change) {
        Draft next = new Draft(this);
        change.accept(next);
        return next.done();
    }

    private static <T> List<T> and(List<T> all, T last) {
        List<T> longer = new ArrayList<>(all);
        longer.add(last);
        return longer;
    }

    /** A record while it is changed; for one thread. */
    private static final class Draft {
        private RunSpec spec;
        private List<String> coordinators;
        private Optional<FencePlan> fence;
        private Optional<PostgresIdentity> sourceIdentity;
        private Optional<PostgresIdentity> targetIdentity;
        private List<StepRecord> steps;
        private boolean reverseSlotBegun;
        private Step step;
        private boolean undoing;
        private Optional<RunOutcome> outcome;
        private String cause;

        Draft(RunRecord from) {
            spec = from.spec;
            coordinators = from.coordinators;
            fence = from.fence;
            sourceIdentity = from.sourceIdentity;
            targetIdentity = from.targetIdentity;
            steps = from.steps;
            reverseSlotBegun = from.reverseSlotBegun;
            step = from.step;
            undoing = from.undoing;
            outcome = from.outcome;
            cause = from.cause;
        }

        RunRecord done() {
            return new RunRecord(
                    spec,
                    coordinators,
                    fence,
                    sourceIdentity,
                    targetIdentity,
                    steps,
                    reverseSlotBegun,
                    step,
                    undoing,
                    outcome,
                    cause);
        }
    }
}
