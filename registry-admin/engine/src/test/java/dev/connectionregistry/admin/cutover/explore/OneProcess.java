package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.internal.DecidedGates;
import dev.connectionregistry.internal.DecidedGates.Source;
import dev.connectionregistry.internal.DecidedGates.Taking;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What two data sources do together that are in one process (docs/adr/0041), and threads that have a connection of one and wait for one of
 * the other. The pools have a connection for each. For one thread.
 */
final class OneProcess {
    private final Bounds bounds;
    private final Fleet fleet;
    private final InstanceSteps instances;

    OneProcess(Bounds bounds, Fleet fleet, InstanceSteps instances) {
        this.bounds = bounds;
        this.fleet = fleet;
        this.instances = instances;
    }

    void steps(World world, Steps out) {
        if (bounds.heeds(Invariant.HOLD_IS_REACHED)) {
            holdIsReached(world);
        }
        DecidedGates gates = gates(world);
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            threads(world, i, gates, out);
        }
        if (!bounds.lacks(Mutation.HOLDS_NAMES_APART) && gates.areHeld() && isAnyClosed(world)) {
            out.step(drained(world), () -> "nothing is in use any more in the process");
        }
    }

    private DecidedGates gates(World world) {
        return DecidedGates.of(IntStream.range(0, Field.INSTANCE.length)
                .mapToObj(i -> source(world, i))
                .toList());
    }

    private Source source(World world, int i) {
        boolean inUse = world.get(Field.TRANSACTION[i]) == World.OWN;
        return new Source(takes(world, i), inUse, inUse && !world.is(Field.LET_IN[i]));
    }

    private Taking takes(World world, int i) {
        return facts(world, i).takes();
    }

    private Fleet.Facts facts(World world, int i) {
        return fleet.facts(world.get(Field.INSTANCE[i]));
    }

    private boolean isAnyClosed(World world) {
        return takes(world, 0) == Taking.CLOSED || takes(world, 1) == Taking.CLOSED;
    }

    private World drained(World world) {
        World next = world.copy();
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            if (takes(world, i) == Taking.CLOSED) {
                next = instances.moved(next, i, fleet.drained(next.get(Field.INSTANCE[i])), () -> "it is HELD");
            }
        }
        return next;
    }

    /** What the thread does that has a connection of {@code i}, and who comes without one. */
    private void threads(World world, int i, DecidedGates gates, Steps out) {
        int other = 1 - i;
        boolean has = world.get(Field.TRANSACTION[i]) == World.OWN;
        if (has && !world.is(Field.WAITS[i]) && facts(world, other).handsOut() == null && !bounds.calm()) {
            out.step(
                    world.copy().set(Field.WAITS[i], 1),
                    () -> "the thread in " + InstanceSteps.name(i) + "'s transaction waits for the other");
        }
        if (world.is(Field.WAITS[i])) {
            boolean open = facts(world, other).handsOut() != null;
            if (open || isLetThrough(world, i, gates)) {
                World next = world.copy().set(Field.WAITS[i], 0);
                out.step(
                        open ? next : begun(next, other),
                        () -> "the thread in " + InstanceSteps.name(i) + "'s transaction gets the other");
            }
        }
        if (!bounds.calm() && !world.is(Field.TRANSACTION[i]) && letsEverybodyThrough(world, i, gates)) {
            out.step(
                    begun(world.copy(), i),
                    () -> "a caller without a connection is let through to " + InstanceSteps.name(i));
        }
    }

    /** Whether the thread with a connection of {@code i} is let through the gate of the other. */
    private boolean isLetThrough(World world, int i, DecidedGates gates) {
        int other = 1 - i;
        boolean known = world.is(Field.LET_IN[i])
                && gates.letsKnownThrough(other)
                && !bounds.lacks(Mutation.LETS_NOBODY_THROUGH)
                && !bounds.lacks(Mutation.FORGETS_WHO_IS_INSIDE);
        return known || letsEverybodyThrough(world, other, gates);
    }

    private boolean letsEverybodyThrough(World world, int i, DecidedGates gates) {
        if (bounds.lacks(Mutation.LETS_THROUGH_WHEN_HELD) && takes(world, i) == Taking.HELD) {
            return true;
        }
        return gates.letsEverybodyThrough(i)
                && !bounds.lacks(Mutation.LETS_NOBODY_THROUGH)
                && !bounds.lacks(Mutation.LETS_ONLY_KNOWN_THROUGH);
    }

    /** With a transaction of one that was let through to {@code i}, if there is none yet and the source lets it write. */
    private World begun(World next, int i) {
        Server serves = facts(next, i).serves();
        boolean writes = !InstanceSteps.isFenced(next, i) || next.is(Field.WRITERS[i]);
        if (!bounds.calm() && !next.is(Field.TRANSACTION[i]) && serves == next.source() && writes) {
            next.set(Field.TRANSACTION[i], World.OWN).set(Field.LET_IN[i], 1);
        }
        return next;
    }

    /**
     * With both gates closed, and nobody coming who needn't, the process comes to be HELD. A time limit that has opened one of the gates may
     * lead to a hold in which only one is closed again, which ends by the grace.
     */
    private void holdIsReached(World world) {
        boolean closed = IntStream.range(0, Field.INSTANCE.length)
                .allMatch(i -> takes(world, i) == Taking.CLOSED || takes(world, i) == Taking.HELD);
        if (!closed || !isAnyClosed(world) || world.is(Field.APART)) {
            return;
        }
        Set<World> seen = new HashSet<>(Set.of(world));
        Deque<World> left = new ArrayDeque<>(seen);
        while (!left.isEmpty()) {
            World next = left.remove();
            if (IntStream.range(0, Field.INSTANCE.length)
                    .noneMatch(i -> takes(next, i) == Taking.CLOSED && next.get(Field.TRANSACTION[i]) == World.OWN)) {
                return;
            }
            endings(next).stream().filter(seen::add).forEach(left::add);
        }
        throw new Broken(
                Invariant.HOLD_IS_REACHED,
                "both gates are closed, and what is in use can't come to its end: "
                        + (world.is(Field.WAITS[0]) ? "A's thread waits for B " : "")
                        + (world.is(Field.WAITS[1]) ? "B's thread waits for A" : ""));
    }

    private List<World> endings(World world) {
        DecidedGates gates = gates(world);
        return IntStream.range(0, Field.INSTANCE.length)
                .filter(i -> world.get(Field.TRANSACTION[i]) == World.OWN)
                .filter(i -> !world.is(Field.WAITS[i]) || isLetThrough(world, i, gates))
                .mapToObj(i -> InstanceSteps.become(world.copy(), i, World.IDLE))
                .toList();
    }
}
