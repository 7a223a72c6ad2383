package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.ActResult;
import dev.connectionregistry.admin.cutover.decision.ActResult.Kind;
import dev.connectionregistry.admin.cutover.decision.CutoverDecisions;
import dev.connectionregistry.admin.cutover.decision.Found;
import dev.connectionregistry.admin.cutover.decision.Outcome;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every state that a coordinator was ever seen in, by number, and what the real decisions make of it. For one thread. */
final class Runs {
    private final Set<Mutation> mutations;
    private final List<RunState> states = new ArrayList<>();
    private final Map<RunState, Integer> numbers = new HashMap<>();

    Runs(Set<Mutation> mutations) {
        this.mutations = mutations;
    }

    RunState state(int number) {
        return states.get(number - World.GONE - 1);
    }

    int number(RunState state) {
        return numbers.computeIfAbsent(state, unknown -> {
            states.add(unknown);
            return states.size() + World.GONE;
        });
    }

    int size() {
        return states.size();
    }

    /** What follows, by production's rules, but for one that is left out. */
    RunState next(RunState state, ActResult result) {
        if (mutations.contains(Mutation.UNDOES_UNKNOWN_SWITCH)
                && state.act() == Act.SWITCH
                && result.kind() == Kind.UNKNOWN) {
            return rebuilt(state, Act.LOWER_FENCE, true, Optional.of(Outcome.UNDONE));
        }
        boolean blind = mutations.contains(Mutation.ABORTS_BLINDLY)
                && state.purpose() == Purpose.ABORT
                && state.act() == Act.LOOK
                && result.kind() == Kind.DONE;
        RunState next = CutoverDecisions.next(state, blind ? ActResult.found(Found.HELD) : result);
        return next.isOver() ? next : mutated(state, next);
    }

    private RunState mutated(RunState before, RunState next) {
        if (mutations.contains(Mutation.SETTLES_WITHOUT_EPOCH) && next.act() == Act.TAKE_REGISTRY_LOCK) {
            return at(next, Act.LOOK);
        }
        if (mutations.contains(Mutation.NO_SECOND_LOOK)
                && before.act() == Act.TAKE_SERVER_LOCK
                && next.act() == Act.LOOK) {
            return CutoverDecisions.next(next, ActResult.found(lastSeen(next)));
        }
        if (mutations.contains(Mutation.RESUME_TRUSTS_JOURNAL)
                && next.purpose() == Purpose.RESUME
                && next.act() == Act.HOLD
                && before.act() != Act.AWAIT_READY) {
            return at(next, Act.SWITCH);
        }
        if (mutations.contains(Mutation.SAYS_UNDONE_BLINDLY) && next.act() == Act.WITHDRAW) {
            return at(next, Act.UNLOCK);
        }
        return mutations.contains(Mutation.WITHDRAWS_BEFORE_LOWERING) ? withdrawnFirst(before, next) : next;
    }

    private static RunState withdrawnFirst(RunState before, RunState next) {
        if (next.act() == Act.LOWER_FENCE && next.transitionStands()) {
            return at(next, Act.WITHDRAW);
        }
        boolean withdrawn = before.act() == Act.WITHDRAW && next.act() == Act.AWAIT_BACK;
        return withdrawn && next.fenceMayBeUp() ? at(next, Act.LOWER_FENCE) : next;
    }

    private static Found lastSeen(RunState state) {
        if (state.fenceMayBeUp()) {
            return Found.HELD;
        }
        return state.transitionStands() ? Found.PREPARED : Found.STEADY_OLD;
    }

    private static RunState at(RunState state, Act act) {
        return rebuilt(state, act, state.undoing(), state.result());
    }

    private static RunState rebuilt(RunState state, Act act, boolean undoing, Optional<Outcome> result) {
        return new RunState(
                state.purpose(),
                act,
                undoing,
                state.session(),
                state.fenceMayBeUp(),
                state.transitionStands(),
                result,
                state.outcome(),
                state.cause());
    }
}
