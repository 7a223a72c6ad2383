package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.settings.Commitment.Kind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        announcements(world, i, state, facts, out);
        pools(world, i, state, facts, out);
        timers(world, i, state, facts, out);
        reports(world, i, facts, out);
        transactions(world, i, facts, out);
        if (bounds.allows(Fault.INSTANCE_RESTART, world)) {
            World next = world.copy().count(Fault.INSTANCE_RESTART).set(Field.WRITERS[i], isFenced(world, i) ? 0 : 1);
            if (world.get(Field.TRANSACTION[i]) == World.OWN) {
                become(next, i, World.ORPHAN);
            }
            move(next, i, fleet.restarted(state), () -> name(i) + " is killed and starts again", out);
        }
    }

    /** Any version since the one it knows, or since it started: a read that began long ago may return now. */
    private void reads(World world, int i, int state, Fleet.Facts facts, Steps out) {
        for (int version = Math.max(facts.newest() + 1, world.get(Field.STARTED_AT[i]));
                version <= world.get(Field.VERSION);
                version++) {
            Content content = world.content(version).forInstance(i);
            int read = version;
            move(
                    world.copy(),
                    i,
                    fleet.read(state, version, content),
                    () -> name(i) + " reads version " + read + ", " + content,
                    out);
        }
    }

    /** What was revealed can arrive at any time, in any order, or never; it counts where a commitment to it was read. */
    private void announcements(World world, int i, int state, Fleet.Facts facts, Steps out) {
        for (int version = facts.newest() + 1; version <= world.get(Field.VERSION); version++) {
            hears(world, i, state, world.revealed(version), "hears the secret", out);
        }
        hears(world, i, state, world.untrue(), "hears the secret", out);
        if (!bounds.mutations().isEmpty()) {
            hearsMore(world, i, state, facts, out);
        }
    }

    private void hears(World world, int i, int state, @Nullable Secret secret, String how, Steps out) {
        if (secret != null && secret.version() > fleet.facts(state).newest()) {
            int heard = fleet.announced(state, secret);
            if (heard != state) {
                move(world.copy(), i, heard, () -> name(i) + " " + how + " for " + secret, out);
            }
        }
    }

    /** What it would act on without one of the rules. */
    private void hearsMore(World world, int i, int state, Fleet.Facts facts, Steps out) {
        for (Secret committed : facts.committed()) {
            if (bounds.lacks(Mutation.IGNORES_DIGESTS)) {
                hears(world, i, state, committed, "takes a forged secret", out);
            }
            if (bounds.lacks(Mutation.TAKES_ANOTHER_RUNS_SECRETS) && isLikeOneOfFirstCutover(committed)) {
                hears(world, i, state, committed, "takes a secret of the first cutover", out);
            }
        }
        if (bounds.lacks(Mutation.TAKES_VERSIONS_AS_RELATIVE)
                && !facts.committed().isEmpty()
                && facts.newest() <= world.get(Field.VERSION)) {
            for (int version = 1; version <= world.get(Field.VERSION); version++) {
                Secret secret = world.revealed(version);
                if (secret != null) {
                    Content content = secret.content();
                    move(
                            world.copy(),
                            i,
                            fleet.read(state, facts.newest() + 1, content),
                            () -> name(i) + " takes the secret for " + secret + " for one of its next version",
                            out);
                }
            }
        }
    }

    /** Whether it is of the second cutover, and the first had revealed one of this kind. */
    private static boolean isLikeOneOfFirstCutover(Secret secret) {
        return switch (secret.writer()) {
            case FIRST, SUCCESSOR -> false;
            case AFTER_UNDO -> secret.kind() != Kind.SWITCH;
            case AFTER_SWITCH -> secret.kind() != Kind.UNDO;
        };
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
        boolean together = bounds.has(Bounds.Option.ONE_PROCESS) && !bounds.lacks(Mutation.HOLDS_NAMES_APART);
        if (facts.draining() && !together && world.get(Field.TRANSACTION[i]) != World.OWN) {
            move(world.copy(), i, fleet.drained(state), () -> name(i) + " has nothing in use any more", out);
        }
    }

    private void timers(World world, int i, int state, Fleet.Facts facts, Steps out) {
        if (facts.untold()) {
            move(world.copy(), i, fleet.told(state), () -> name(i) + " has told its listeners", out);
        }
        if (facts.limited()) {
            World next = world.copy();
            if (bounds.has(Bounds.Option.ONE_PROCESS)) {
                next.set(Field.APART, 1);
            }
            move(next, i, fleet.overdue(state), () -> name(i) + " has held for too long", out);
        }
        if (facts.retries()) {
            move(world.copy(), i, fleet.retried(state), () -> name(i) + " tries a refused pool again", out);
        }
        if (facts.serves() == null && bounds.ever(Fault.INSTANCE_RESTART)) {
            move(world.copy(), i, fleet.startOverdue(state), () -> name(i) + " starts without the registry", out);
        }
    }

    /**
     * Only what is of use: the rest could only keep a coordinator waiting, and its time may be over at any moment anyhow. HELD is
     * said by a report, or by the secret, which counts for the HOLD that closed the gate: if that one stands, the coordinator
     * learns the same. It may learn it at any time while that is so and count it later, when the gate may be open again.
     */
    private void reports(World world, int i, Fleet.Facts facts, Steps out) {
        int says = facts.says().code();
        boolean ofUse = says != 0 && facts.newest() == world.get(Field.VERSION);
        if (ofUse && (says != world.get(Field.REPORT[i]) || world.is(Field.SAID_BEFORE[i]))) {
            out.step(
                    world.copy().set(Field.REPORT[i], says).set(Field.SAID_BEFORE[i], 0),
                    () -> name(i) + " says " + facts.says());
        }
    }

    private void transactions(World world, int i, Fleet.Facts facts, Steps out) {
        Field transaction = Field.TRANSACTION[i];
        if (world.is(Field.WAITS[i])) {
            return;
        }
        if (world.is(transaction)) {
            out.step(become(world.copy(), i, World.IDLE), () -> name(i) + "'s transaction rolls back");
            if (world.get(lag(world, i)) < bounds.lag()) {
                commits(world, i, out);
            }
            return;
        }
        boolean writes = !isFenced(world, i) || world.is(Field.WRITERS[i]);
        if (!bounds.calm() && facts.handsOut() == world.source() && writes) {
            out.step(world.copy().set(transaction, World.OWN), () -> name(i) + " begins a transaction on the source");
        }
    }

    /** Its transaction is this from now on, and nobody waits with it. */
    static World become(World world, int i, int transaction) {
        return world.set(Field.TRANSACTION[i], transaction)
                .set(Field.WAITS[i], 0)
                .set(Field.LET_IN[i], 0);
    }

    private void commits(World world, int i, Steps out) {
        if (world.is(Field.HANDED_OUT) && bounds.heeds(Invariant.NO_SPLIT_BRAIN)) {
            throw new Broken(
                    Invariant.NO_SPLIT_BRAIN,
                    name(i) + " commits on the source after a connection to the target was handed out");
        }
        out.step(
                become(world.copy(), i, World.IDLE).set(lag(world, i), world.get(lag(world, i)) + 1),
                () -> name(i) + "'s transaction commits on the source");
    }

    private void move(World next, int i, int state, Supplier<String> what, Steps out) {
        out.step(moved(next, i, state, what), what);
    }

    /** With the instance in this state, and what follows from that. */
    World moved(World next, int i, int state, Supplier<String> what) {
        Fleet.Facts before = fleet.facts(next.get(Field.INSTANCE[i]));
        Fleet.Facts after = fleet.facts(state);
        next.set(Field.INSTANCE[i], state);
        if (after.newest() < before.newest()) { // a new life: it reads nothing from before
            next.set(Field.STARTED_AT[i], next.get(Field.VERSION));
            next.set(Field.SAID_BEFORE[i], next.is(Field.REPORT[i]) ? 1 : 0);
        }
        Server target = next.target();
        if (after.serves() == target && before.serves() != target && next.get(Field.TRANSACTION[i]) == World.OWN) {
            become(next, i, World.ORPHAN); // goes on in a pool that drains
        }
        handsOut(next, i, after, what);
        return next;
    }

    /** Servers are in the order in which they can become the primary: what was handed out by mistake earlier counts like the target. */
    private void handsOut(World next, int i, Fleet.Facts after, Supplier<String> what) {
        Server server = after.handsOut();
        if (server == null || server.compareTo(next.source()) <= 0 || next.is(Field.HANDED_OUT)) {
            return;
        }
        if (next.is(lag(next, i)) && bounds.heeds(Invariant.NO_LOSS)) {
            throw new Broken(
                    Invariant.NO_LOSS,
                    what.get() + ": it hands out the target, which lacks " + next.get(lag(next, i)) + " commit(s)");
        }
        next.set(Field.HANDED_OUT, 1);
    }

    static boolean isFenced(World world, int i) {
        return world.is(Field.FENCE[world.database(i)]);
    }

    private static Field lag(World world, int i) {
        return Field.LAG[world.database(i)];
    }

    static String name(int i) {
        return i == 0 ? "instance A" : "instance B";
    }
}
