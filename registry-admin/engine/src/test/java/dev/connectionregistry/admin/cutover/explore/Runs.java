package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.CutoverDecisions;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every state that a coordinator was ever seen in, by number, and what the real decisions make of it. For one thread. */
final class Runs {
    private final Set<Mutation> mutations;
    private final List<RunState> states = new ArrayList<>();
    private final Map<RunState, RunState> known = new HashMap<>();
    private final IdentityHashMap<RunState, Integer> numbers = new IdentityHashMap<>();
    private final IdentityHashMap<RunState, Followers> followers = new IdentityHashMap<>();

    /** What follows on a look by what it found, and on another act by how it ended. */
    private record Followers(Map<SettingsState, RunState> found, Map<Kind, RunState> ended) {
        static Followers none() {
            return new Followers(new EnumMap<>(SettingsState.class), new EnumMap<>(Kind.class));
        }
    }

    Runs(Set<Mutation> mutations) {
        this.mutations = mutations;
    }

    /** What a coordinator begins with. */
    RunState begin(Purpose purpose) {
        return known(RunState.begin(purpose));
    }

    /** Equal states are the same, so that they are quickly found. */
    private RunState known(RunState state) {
        return known.computeIfAbsent(state, unknown -> unknown);
    }

    RunState state(int number) {
        return states.get(number - World.GONE - 1);
    }

    /** The number of a state that came from here. */
    int number(RunState state) {
        return numbers.computeIfAbsent(state, unknown -> {
            states.add(unknown);
            return states.size() + World.GONE;
        });
    }

    int size() {
        return states.size();
    }

    /** What follows, by production's rules, but for one that is left out. The rules are pure, so each is asked once. */
    RunState next(RunState state, StepResult result) {
        Followers after = followers.computeIfAbsent(state, unknown -> Followers.none());
        return result.found()
                .map(what -> after.found().computeIfAbsent(what, unknown -> known(decide(state, result))))
                .orElseGet(() -> after.ended().computeIfAbsent(result.kind(), unknown -> known(decide(state, result))));
    }

    private RunState decide(RunState state, StepResult result) {
        if (mutations.contains(Mutation.UNDOES_UNKNOWN_SWITCH)
                && state.step() == Step.SWITCH
                && result.kind() == Kind.UNKNOWN) {
            return rebuilt(state, Step.LOWER_FENCE, true, Optional.of(RunOutcome.UNDONE));
        }
        boolean blind = mutations.contains(Mutation.ABORTS_BLINDLY)
                && state.purpose() == Purpose.ABORT
                && state.step() == Step.LOOK
                && result.kind() == Kind.DONE;
        RunState next = CutoverDecisions.next(state, blind ? StepResult.found(SettingsState.HELD) : result);
        return next.isOver() ? next : mutated(state, next);
    }

    private RunState mutated(RunState before, RunState next) {
        if (mutations.contains(Mutation.SETTLES_WITHOUT_EPOCH) && next.step() == Step.TAKE_REGISTRY_LOCK) {
            return at(next, Step.LOOK);
        }
        if (mutations.contains(Mutation.NO_SECOND_LOOK)
                && before.step() == Step.TAKE_SERVER_LOCK
                && next.step() == Step.LOOK) {
            return CutoverDecisions.next(next, StepResult.found(lastSeen(next)));
        }
        if (mutations.contains(Mutation.RESUME_TRUSTS_JOURNAL)
                && next.purpose() == Purpose.RESUME
                && next.step() == Step.HOLD
                && before.step() != Step.AWAIT_READY) {
            return at(next, Step.SWITCH);
        }
        if (mutations.contains(Mutation.SAYS_UNDONE_BLINDLY) && next.step() == Step.WITHDRAW) {
            return at(next, Step.UNLOCK);
        }
        return mutations.contains(Mutation.WITHDRAWS_BEFORE_LOWERING) ? withdrawnFirst(before, next) : next;
    }

    private static RunState withdrawnFirst(RunState before, RunState next) {
        if (next.step() == Step.LOWER_FENCE && next.mayBeInTransition()) {
            return at(next, Step.WITHDRAW);
        }
        boolean withdrawn = before.step() == Step.WITHDRAW && next.step() == Step.AWAIT_BACK;
        return withdrawn && next.fenceMayBeUp() ? at(next, Step.LOWER_FENCE) : next;
    }

    private static SettingsState lastSeen(RunState state) {
        if (state.fenceMayBeUp()) {
            return SettingsState.HELD;
        }
        return state.mayBeInTransition() ? SettingsState.PREPARED : SettingsState.STEADY_SOURCE;
    }

    private static RunState at(RunState state, Step step) {
        return rebuilt(state, step, state.undoing(), state.result());
    }

    private static RunState rebuilt(RunState state, Step step, boolean undoing, Optional<RunOutcome> result) {
        return new RunState(
                state.purpose(), step, undoing, state.traces(), state.verdict().headingFor(result));
    }
}
