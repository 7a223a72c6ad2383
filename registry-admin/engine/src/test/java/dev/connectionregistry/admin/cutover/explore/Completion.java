package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Explorer.Found;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Whether it ends well from everywhere: takes all coordinators out of a state, lets a fresh one resume or abort with nothing going
 * wrong any more, and follows every order of what can still happen. Depth first, so that going round in circles is seen too.
 * For one thread.
 */
final class Completion {
    private final Model model;
    private final StateTable seen = new StateTable();
    private final BitSet open = new BitSet(); // on the way that is being followed
    private final Deque<Visit> way = new ArrayDeque<>();
    private long transitions;

    Completion(Model model) {
        this.model = model.calmed();
    }

    /** How much was searched. */
    record Size(int states, long transitions) {}

    private record Visit(int number, Supplier<String> what, List<Step> left) {}

    private record Step(World next, Supplier<String> what) {}

    Size size() {
        return new Size(seen.size(), transitions);
    }

    /** From every state in {@code states}. */
    Optional<Found> fromAll(StateTable states, IntFunction<List<String>> trace) {
        for (int number = 0; number < states.size(); number++) {
            try {
                World left = states.world(number);
                for (int coordinator = 0; coordinator < Field.RUN.length; coordinator++) {
                    left.leaves(coordinator);
                }
                left.set(Field.RUN[1], World.ABSENT);
                for (Field fault : Field.FAULTS) {
                    left.set(fault, 0);
                }
                for (Field revealed : Field.REVEALED) {
                    left.set(
                            revealed,
                            0); // to hear a secret is to read its version, which can happen at any time anyhow
                }
                follow(model.levelled(left));
            } catch (Broken broken) {
                List<String> lines = new ArrayList<>(trace.apply(number));
                lines.add("whoever coordinates is gone, and nothing goes wrong any more");
                way.descendingIterator()
                        .forEachRemaining(visit -> lines.add(visit.what().get()));
                return Optional.of(new Found(broken.invariant(), String.valueOf(broken.getMessage()), lines));
            }
        }
        return Optional.empty();
    }

    private void follow(World seed) {
        way.clear();
        enter(new Step(seed, () -> "it is left to itself"));
        while (!way.isEmpty()) {
            Visit visit = way.peek();
            if (visit.left().isEmpty()) {
                open.clear(visit.number());
                way.pop();
            } else {
                enter(visit.left().remove(visit.left().size() - 1));
            }
        }
    }

    private void enter(Step step) {
        World world = model.levelled(step.next());
        if (!seen.add(world, -1)) {
            if (open.get(seen.number(world)) && model.bounds().heeds(Invariant.IT_ENDS)) {
                throw new Broken(
                        Invariant.IT_ENDS,
                        "it goes round in circles: " + step.what().get());
            }
            return;
        }
        int number = seen.size() - 1;
        List<Step> next = new ArrayList<>();
        open.set(number);
        way.push(new Visit(number, step.what(), next));
        model.steps(world, (World after, Supplier<String> what) -> {
            transitions++;
            next.add(new Step(after, what));
        });
        if (next.isEmpty() && model.bounds().heeds(Invariant.IT_ENDS)) {
            mustBeGood(world);
        }
    }

    private void mustBeGood(World world) {
        boolean switched = world.standing() == Content.on(world.target());
        boolean steady = !world.standing().isTransition();
        boolean fits = switched ? world.isWhollyFenced() : !world.isFenced();
        if (!steady || !fits || world.is(Field.OPEN)) {
            throw new Broken(
                    Invariant.IT_ENDS,
                    "nothing can happen any more, but " + world.standing() + " stands, the fence is "
                            + (world.isFenced() ? "up" : "down") + (fits ? "" : " where it must not be")
                            + ", the run is "
                            + (world.is(Field.OPEN) ? "open" : "closed"));
        }
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            Fleet.Facts facts = model.fleet().facts(world.get(Field.INSTANCE[i]));
            if (facts.handsOut() != (switched ? world.target() : world.source())) {
                throw new Broken(
                        Invariant.IT_ENDS,
                        "nothing can happen any more and " + world.standing() + " stands, but " + InstanceSteps.name(i)
                                + " is " + model.fleet().state(world.get(Field.INSTANCE[i])));
            }
        }
    }
}
