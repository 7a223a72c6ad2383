package dev.connectionregistry.admin.cutover.explore;

import java.util.function.Supplier;

/** What the instances and their callers can do next. */
final class InstanceSteps {
    private final Bounds bounds;
    private final Fleet fleet;

    InstanceSteps(Bounds bounds, Fleet fleet) {
        this.bounds = bounds;
        this.fleet = fleet;
    }

    void of(World world, int i, Steps out) {
        int state = world.get(Field.INSTANCE[i]);
        Fleet.Facts facts = fleet.facts(state);
        reads(world, i, state, facts, out);
        pools(world, i, state, facts, out);
        timers(world, i, state, facts, out);
        reports(world, i, facts, out);
        transactions(world, i, facts, out);
        if (bounds.allows(Fault.INSTANCE_RESTART, world)) {
            World next =
                    world.copy().count(Fault.INSTANCE_RESTART).set(Field.WRITERS[i], world.is(Field.FENCE) ? 0 : 1);
            if (world.get(Field.TRANSACTION[i]) == World.OWN) {
                next.set(Field.TRANSACTION[i], World.ORPHAN);
            }
            move(next, i, fleet.restarted(state), () -> name(i) + " is killed and starts again", out);
        }
    }

    /** Any version since the one it knows, or since it started: a read that began long ago may return now. */
    private void reads(World world, int i, int state, Fleet.Facts facts, Steps out) {
        for (int version = Math.max(facts.newest() + 1, world.get(Field.STARTED_AT[i]));
                version <= world.get(Field.VERSION);
                version++) {
            Content content = world.content(version);
            int read = version;
            move(
                    world.copy(),
                    i,
                    fleet.read(state, version, content),
                    () -> name(i) + " reads version " + read + ", " + content,
                    out);
        }
    }

    private void pools(World world, int i, int state, Fleet.Facts facts, Steps out) {
        for (int generation : facts.opening()) {
            move(world.copy(), i, fleet.opened(state, generation), () -> name(i) + " has a pool open", out);
            if (bounds.allows(Fault.POOL_REFUSED, world)) {
                move(
                        world.copy().count(Fault.POOL_REFUSED),
                        i,
                        fleet.refused(state, generation),
                        () -> name(i) + " can't open a pool",
                        out);
            }
        }
        if (facts.draining() && world.get(Field.TRANSACTION[i]) != World.OWN) {
            move(world.copy(), i, fleet.drained(state), () -> name(i) + " has nothing in use any more", out);
        }
    }

    private void timers(World world, int i, int state, Fleet.Facts facts, Steps out) {
        if (facts.untold()) {
            move(world.copy(), i, fleet.told(state), () -> name(i) + " has told its listeners", out);
        }
        if (facts.limited()) {
            move(world.copy(), i, fleet.overdue(state), () -> name(i) + " has held for too long", out);
        }
        if (facts.retries()) {
            move(world.copy(), i, fleet.retried(state), () -> name(i) + " tries a refused pool again", out);
        }
        if (!facts.serves() && bounds.ever(Fault.INSTANCE_RESTART)) {
            move(world.copy(), i, fleet.startOverdue(state), () -> name(i) + " starts without the registry", out);
        }
    }

    /** Only what is of use: the rest could only keep a coordinator waiting, and its time may be over at any moment anyhow. */
    private void reports(World world, int i, Fleet.Facts facts, Steps out) {
        int says = facts.says().code();
        boolean ofUse = says != 0 && facts.newest() == world.get(Field.VERSION);
        if (ofUse && says != world.get(Field.REPORT[i])) {
            out.step(world.copy().set(Field.REPORT[i], says), () -> name(i) + " reports " + facts.says());
        }
    }

    private void transactions(World world, int i, Fleet.Facts facts, Steps out) {
        Field transaction = Field.TRANSACTION[i];
        if (world.is(transaction)) {
            out.step(world.copy().set(transaction, World.IDLE), () -> name(i) + "'s transaction rolls back");
            if (world.get(Field.LAG) < bounds.lag()) {
                commits(world, i, out);
            }
            return;
        }
        boolean writes = !world.is(Field.FENCE) || world.is(Field.WRITERS[i]);
        if (!bounds.calm() && facts.handsOutSource() && writes) {
            out.step(world.copy().set(transaction, World.OWN), () -> name(i) + " begins a transaction on the source");
        }
    }

    private void commits(World world, int i, Steps out) {
        if (world.is(Field.HANDED_OUT) && bounds.heeds(Invariant.NO_SPLIT_BRAIN)) {
            throw new Broken(
                    Invariant.NO_SPLIT_BRAIN,
                    name(i) + " commits on the source after a connection to the target was handed out");
        }
        out.step(
                world.copy().set(Field.TRANSACTION[i], World.IDLE).set(Field.LAG, world.get(Field.LAG) + 1),
                () -> name(i) + "'s transaction commits on the source");
    }

    private void move(World next, int i, int state, Supplier<String> what, Steps out) {
        Fleet.Facts before = fleet.facts(next.get(Field.INSTANCE[i]));
        Fleet.Facts after = fleet.facts(state);
        next.set(Field.INSTANCE[i], state);
        if (after.newest() < before.newest()) { // a new life: it reads nothing from before
            next.set(Field.STARTED_AT[i], next.get(Field.VERSION));
        }
        if (after.servesTarget() && !before.servesTarget() && next.get(Field.TRANSACTION[i]) == World.OWN) {
            next.set(Field.TRANSACTION[i], World.ORPHAN); // goes on in a pool that drains
        }
        if (after.handsOutTarget() && !next.is(Field.HANDED_OUT)) {
            if (next.get(Field.LAG) > 0 && bounds.heeds(Invariant.NO_LOSS)) {
                throw new Broken(
                        Invariant.NO_LOSS,
                        what.get() + ": it hands out the target, which lacks " + next.get(Field.LAG) + " commit(s)");
            }
            next.set(Field.HANDED_OUT, 1);
        }
        out.step(next, what);
    }

    static String name(int i) {
        return i == 0 ? "instance A" : "instance B";
    }
}
