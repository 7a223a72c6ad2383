package dev.connectionregistry.admin.cutover.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Breadth first through everything that can happen, so that the way to a broken invariant is a shortest one. For one thread. */
final class Explorer {
    private final Model model;
    private final StateTable seen = new StateTable();
    private long transitions;

    Explorer(Bounds bounds) {
        this.model = new Model(bounds);
    }

    /**
     * What a search came to.
     *
     * @param depth the longest of the shortest ways to a state
     * @param broken the first invariant seen to break; empty if none does
     */
    record Result(
            Bounds bounds,
            int states,
            long transitions,
            int depth,
            int instanceStates,
            Completion.Size completion,
            Duration took,
            Optional<Found> broken) {
        @Override
        public String toString() {
            return "%s: %,d states, %,d transitions, depth %d, %d states of an instance; completions: %,d states, %,d transitions; %.1f s%s"
                    .formatted(
                            bounds,
                            states,
                            transitions,
                            depth,
                            instanceStates,
                            completion.states(),
                            completion.transitions(),
                            took.toMillis() / 1000.0,
                            broken.map(found -> "\n" + found).orElse(""));
        }
    }

    /** A broken invariant and how to get there. */
    record Found(Invariant invariant, String message, List<String> trace) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(invariant + ": " + message);
            for (int i = 0; i < trace.size(); i++) {
                text.append("\n%3d. %s".formatted(i + 1, trace.get(i)));
            }
            return text.toString();
        }
    }

    /** Searches until something is broken or nothing is left. */
    Result explore() {
        long began = System.nanoTime();
        seen.add(model.levelled(model.start()), -1);
        int depth = 0;
        int levelEnd = 1;
        Optional<Found> broken = Optional.empty();
        for (int number = 0; number < seen.size() && broken.isEmpty(); number++) {
            if (number == levelEnd) {
                depth++;
                levelEnd = seen.size();
            }
            broken = expand(number);
        }
        Completion completion = new Completion(model);
        if (broken.isEmpty() && model.bounds().heeds(Invariant.IT_ENDS)) {
            broken = completion.fromAll(seen, this::trace);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new Result(
                model.bounds(), seen.size(), transitions, depth, model.fleet().size(), completion.size(), took, broken);
    }

    private Optional<Found> expand(int number) {
        World world = seen.world(number);
        try {
            model.steps(world, (next, what) -> {
                transitions++;
                seen.add(model.levelled(next), number);
            });
            return Optional.empty();
        } catch (Broken broken) {
            return Optional.of(new Found(broken.invariant(), String.valueOf(broken.getMessage()), trace(number)));
        }
    }

    /** What happened on the way to a state, with A and B each the same instance all the way. */
    private List<String> trace(int number) {
        List<Integer> way = new ArrayList<>();
        for (int each = number; seen.parent(each) >= 0; each = seen.parent(each)) {
            way.add(0, each);
        }
        List<String> lines = new ArrayList<>();
        World world = model.start();
        for (int each : way) {
            world = follow(world, seen.world(each), lines);
        }
        return lines;
    }

    private World follow(World from, World levelled, List<String> lines) {
        List<World> found = new ArrayList<>();
        Steps match = (World next, Supplier<String> what) -> {
            if (found.isEmpty() && model.levelled(next.copy()).equals(levelled)) {
                found.add(model.tidied(next));
                lines.add(what.get());
            }
        };
        model.steps(from, match);
        return found.get(0);
    }
}
