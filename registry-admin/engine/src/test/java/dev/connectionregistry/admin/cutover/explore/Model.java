package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.settings.Transition.Phase;

/** The whole world: how it begins, what can happen next, and when two worlds are as good as one. For one thread. */
final class Model {
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private final Bounds bounds;
    private final Fleet fleet;
    private final Runs runs;
    private final InstanceSteps instances;
    private final OneProcess process;

    Model(Bounds bounds) {
        this(bounds, new Fleet(bounds), new Runs(bounds.mutations()));
    }

    private Model(Bounds bounds, Fleet fleet, Runs runs) {
        this.bounds = bounds;
        this.fleet = fleet;
        this.runs = runs;
        this.instances = new InstanceSteps(bounds, fleet);
        this.process = new OneProcess(bounds, fleet, instances);
    }

    /** The same world in which nothing goes wrong any more. */
    Model calmed() {
        return new Model(bounds.calmed(), fleet, runs);
    }

    Bounds bounds() {
        return bounds;
    }

    Fleet fleet() {
        return fleet;
    }

    /** Both instances serve from the source, and a coordinator is about to begin. */
    World start() {
        int serving = fleet.serving();
        World world = World.empty().set(Field.VERSION, 1).set(Field.CONTENT[1], Content.OLD.code());
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            world.set(Field.INSTANCE[i], serving).set(Field.WRITERS[i], 1);
        }
        return world.set(Field.TWO_NAMES, bounds.has(Bounds.Option.TWO_NAMES) ? 1 : 0)
                .set(Field.RUN[FIRST], runs.number(runs.begin(bounds.first())));
    }

    /** Everything that can happen next. */
    void steps(World world, Steps out) {
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            instances.of(world, i, out);
        }
        if (bounds.has(Bounds.Option.ONE_PROCESS)) {
            process.steps(world, out);
        }
        for (int database = 0; database < world.databases(); database++) {
            replicates(world, database, out);
        }
        lands(world, out);
        ordinaryCommand(world, out);
        for (int coordinator = FIRST; coordinator <= SECOND; coordinator++) {
            if (world.alive(coordinator)) {
                step(world, coordinator, runs.state(world.get(Field.RUN[coordinator])), out);
                mishaps(world, coordinator, out);
            }
        }
        if (world.get(Field.RUN[SECOND]) == World.ABSENT && world.is(Field.OPEN)) {
            bounds.takeovers().forEach(purpose -> step(world, SECOND, runs.begin(purpose), out));
        }
        secondCutover(world, out);
    }

    /** Its source takes writes and is not fenced; if that was the first target, nobody can write on the first source any more. */
    private void secondCutover(World world, Steps out) {
        boolean over = !world.is(Field.OPEN) && !world.alive(FIRST) && !world.alive(SECOND);
        if (!bounds.has(Bounds.Option.SECOND_CUTOVER) || world.isSecondCutover() || !over) {
            return;
        }
        boolean switched = world.standing().server() == world.target();
        World next = world.copy()
                .set(Field.CUTOVER, (switched ? Writer.AFTER_SWITCH : Writer.AFTER_UNDO).code())
                .set(Field.RUN[FIRST], runs.number(runs.begin(Purpose.CUTOVER)))
                .set(Field.RUN[SECOND], World.GONE);
        if (switched) {
            if (world.is(Field.TRANSACTION[0])
                    || world.is(Field.TRANSACTION[1])
                    || world.is(Field.LAG[0])
                    || world.is(Field.LAG[1])) {
                throw new Broken(Invariant.NO_LOSS, "a cutover is over, but the source isn't idle");
            }
            next.set(Field.FENCE[0], 0).set(Field.FENCE[1], 0).set(Field.HANDED_OUT, 0);
        }
        out.step(next, () -> "another cutover begins, to the third server");
    }

    private static void replicates(World world, int database, Steps out) {
        int lag = world.get(Field.LAG[database]);
        if (lag == 0) {
            return;
        }
        World next = world.copy().set(Field.LAG[database], lag - 1);
        for (int coordinator = FIRST; coordinator <= SECOND; coordinator++) {
            Field position = World.barriers(coordinator).get(database);
            if (next.get(position) > 1) {
                next.set(position, next.get(position) - 1);
            }
        }
        int early = next.get(Field.POSITION_EARLY[database]);
        out.step(
                next.set(Field.POSITION_EARLY[database], Math.max(0, early - 1)),
                () -> "a commit is replicated" + (world.databases() > 1 ? " from source " + database : ""));
    }

    private void lands(World world, Steps out) {
        if (world.is(Field.PENDING)) {
            Content content = Content.of(world.get(Field.PENDING_CONTENT));
            World next = RegistryActs.withoutPending(world.copy());
            out.step(
                    RegistryActs.write(next, content, bounds),
                    () -> "the late write of " + content + " takes effect as version " + next.get(Field.VERSION));
        }
    }

    private void ordinaryCommand(World world, Steps out) {
        Content standing = world.standing();
        if (bounds.allows(Fault.ORDINARY_WRITE, world) && !standing.isTransition()) {
            World next = RegistryActs.write(world.copy().count(Fault.ORDINARY_WRITE), standing, bounds);
            out.step(next, () -> "an ordinary command writes " + standing + " as version " + next.get(Field.VERSION));
        }
    }

    private void mishaps(World world, int coordinator, Steps out) {
        String who = coordinator == FIRST ? "first" : "second";
        if (bounds.allows(Fault.COORDINATOR_CRASH, world)) {
            out.step(
                    world.copy().count(Fault.COORDINATOR_CRASH).leaves(coordinator),
                    () -> "the " + who + " coordinator crashes");
        }
        for (int database = 0; database < world.databases(); database++) {
            if (bounds.allows(Fault.SESSION_BREAK, world) && world.hasSession(coordinator, database)) {
                Field session = Field.SESSION[database];
                int others = world.get(session) & ~(1 << coordinator);
                out.step(
                        world.copy().count(Fault.SESSION_BREAK).set(session, others),
                        () -> "the " + who + " coordinator's session breaks");
            }
        }
    }

    private void step(World world, int number, RunState run, Steps out) {
        Coordinator actor = new Coordinator(bounds, runs, fleet, world, number, run, out);
        switch (run.step()) {
            case TAKE_REGISTRY_LOCK -> RegistryActs.takeLock(actor);
            case LOOK -> RegistryActs.look(actor);
            case TAKE_SERVER_LOCK -> ServerActs.takeSession(actor);
            case QUICKEN, RESTORE_INTERVAL -> RegistryActs.interval(actor);
            case PREPARE -> RegistryActs.write(actor, Phase.PREPARE);
            case AWAIT_READY -> RegistryActs.await(actor, Fleet.Says.READY);
            case HOLD -> RegistryActs.write(actor, Phase.HOLD);
            case AWAIT_HELD -> RegistryActs.await(actor, Fleet.Says.HELD);
            case FENCE -> ServerActs.fence(actor);
            case PROVE -> ServerActs.prove(actor);
            case BARRIER -> ServerActs.barrier(actor);
            case SWITCH -> RegistryActs.switchOver(actor);
            case AWAIT_ACTIVE, AWAIT_BACK -> RegistryActs.await(actor, Fleet.Says.ACTIVE);
            case LOWER_FENCE -> ServerActs.lower(actor);
            case WITHDRAW -> RegistryActs.withdraw(actor);
            case UNLOCK -> RegistryActs.unlock(actor);
            case CHECK, SEQUENCES, VERIFY, REVERSE_SLOT -> throw new AssertionError(run.step() + " is gone through");
        }
    }

    /** As good as that for all that can follow, with A and B in an order that tells nothing. */
    World levelled(World world) {
        World tidied = tidied(world);
        return world.is(Field.TWO_NAMES) || inOrder(tidied) ? tidied : swapped(tidied);
    }

    /** As good as that for all that can follow: what nobody can notice any more is gone. */
    World tidied(World world) {
        for (int i = 0; i < Field.WRITERS.length; i++) {
            if (!world.is(Field.FENCE[world.database(i)])) {
                world.set(Field.WRITERS[i], 1); // a new session can write
            }
        }
        if (world.is(Field.PENDING)) {
            boolean viable = world.hasEpoch(world.get(Field.PENDING) - 1)
                    && world.get(Field.PENDING_AFTER) == world.get(Field.VERSION);
            if (!viable) {
                RegistryActs.withoutPending(world);
            }
        }
        if (!bounds.lacks(Mutation.TAKES_VERSIONS_AS_RELATIVE)) {
            forgetOldVersions(world);
        }
        return world;
    }

    private void forgetOldVersions(World world) {
        int last = Math.min(past(world, 0), past(world, 1));
        int standing = world.get(Field.VERSION);
        for (int version = 1; version <= last; version++) {
            if (world.is(Field.REVEALED[version])) {
                world.set(Field.REVEALED[version], 0);
            }
            if (version < standing && world.is(Field.CONTENT[version])) {
                world.set(Field.CONTENT[version], 0);
            }
        }
    }

    /** The newest version that the instance can't read any more. */
    private int past(World world, int i) {
        int newest = fleet.facts(world.get(Field.INSTANCE[i])).newest();
        int startedAt = world.get(Field.STARTED_AT[i]);
        if (startedAt <= newest) {
            world.set(Field.STARTED_AT[i], 0);
        }
        return Math.max(newest, startedAt - 1);
    }

    private static boolean inOrder(World world) {
        for (Field[] field : Field.PER_INSTANCE) {
            int difference = world.get(field[0]) - world.get(field[1]);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return true;
    }

    private static World swapped(World world) {
        for (Field[] field : Field.PER_INSTANCE) {
            int first = world.get(field[0]);
            world.set(field[0], world.get(field[1])).set(field[1], first);
        }
        return world;
    }
}
