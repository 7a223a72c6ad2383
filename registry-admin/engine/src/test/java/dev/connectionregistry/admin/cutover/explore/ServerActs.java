package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import java.util.ArrayList;
import java.util.List;

/** Acts on the servers: the sessions, the fences, the barriers; those of two sources side by side. */
final class ServerActs {
    private ServerActs() {}

    /** In the order of the sources, whoever takes them; what fails half-way gives up what it has. */
    static void takeSession(Coordinator actor) {
        World world = actor.world();
        int database = world.hasSession(actor.number(), 0) ? world.databases() - 1 : 0;
        Field session = Field.SESSION[database];
        int mine = 1 << actor.number();
        int others = world.get(session) & ~mine;
        boolean ends = actor.run().endsOtherSession();
        actor.fails(world.copy().withoutSessions(actor.number()), others == 0 ? "no answer" : "another has it");
        if (others == 0 || ends) {
            boolean keeps = actor.bounds().lacks(Mutation.KEEPS_EARLIER_SESSION)
                    || (database == 1 && actor.bounds().lacks(Mutation.TAKES_ONE_SESSION));
            World taken = world.copy().set(session, mine | (keeps ? others : 0));
            if (taken.hasSession(actor.number())) {
                actor.done(taken);
            } else {
                actor.stays(taken, "TAKE_SERVER_LOCK has the first of two");
            }
        } else if (actor.bounds().calm()) {
            actor.times(world.copy().withoutSessions(actor.number()), "another has it");
        }
        if (others != 0 && ends) {
            actor.fails(
                    world.copy().withoutSessions(actor.number()).set(session, 0),
                    "the other's is ended, but it didn't get its own");
        }
    }

    /** From now on sessions that begin can't write; those that are there can. */
    static void fence(Coordinator actor) {
        World world = actor.world();
        List<World> partly = new ArrayList<>(List.of(world.copy()));
        for (int database = 0; database < world.databases(); database++) {
            if (world.hasSession(actor.number(), database)) {
                int fenced = database;
                List<World> more = partly.stream()
                        .map(each -> raised(each, fenced, actor.bounds()))
                        .toList();
                partly.addAll(more);
            }
        }
        if (!actor.hasSession()) {
            partly.forEach(each -> actor.ends(each, StepResult.of(Kind.SESSION_LOST, ""), ""));
            return;
        }
        partly.forEach(each -> actor.fails(each.copy(), each.isFenced() ? "up, but its time was over" : "not up"));
        World up = partly.get(partly.size() - 1);
        if (actor.bounds().lacks(Mutation.BARRIER_BEFORE_FENCE)) {
            up.set(Field.POSITION_EARLY[0], world.get(Field.LAG[0]));
        }
        actor.done(up);
    }

    private static void goAhead(Coordinator actor, int database) {
        World next = actor.world().copy();
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            if (next.database(i) == database) {
                heldIsIdle(actor, i);
                ended(next, i, actor.bounds());
            }
        }
        if (database == 0 || !actor.bounds().lacks(Mutation.WAITS_FOR_ONE_TARGET)) {
            int missing = next.get(Field.LAG[database]);
            next.set(World.barriers(actor.number()).get(database), missing + 1);
            actor.stays(next, "source " + database + " is PROVEN, and BARRIER at " + missing + " from the end");
        }
    }

    private static boolean isAhead(Coordinator actor, int database) {
        return actor.world().get(World.barriers(actor.number()).get(database)) > 0;
    }

    private static World raised(World world, int database, Bounds bounds) {
        boolean skipped =
                bounds.lacks(Mutation.SKIPS_FENCE) || (database == 1 && bounds.lacks(Mutation.FENCES_ONE_SOURCE));
        return skipped ? world.copy() : world.copy().set(Field.FENCE[database], 1);
    }

    /**
     * Ends sessions, one instance's or all; then looks whether the fences are up. None of two sources waits for the other: one may have
     * the position that its target must reach before the other's sessions are ended.
     */
    static void prove(Coordinator actor) {
        if (!actor.hasSession()) {
            actor.lost(Kind.SESSION_LOST);
            return;
        }
        World world = actor.world();
        actor.fails(world.copy(), "before it ended any session");
        for (int database = 0; database < world.databases(); database++) {
            boolean seen = world.is(Field.FENCE[database]) || isUnnoticed(actor);
            if (world.databases() > 1 && seen && !isAhead(actor, database)) {
                goAhead(actor, database);
            }
        }
        World all = world.copy();
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            if (!isAhead(actor, world.database(i))) {
                heldIsIdle(actor, i);
                actor.fails(
                        ended(world.copy(), i, actor.bounds()),
                        "when it had ended " + InstanceSteps.name(i) + "'s sessions");
                if (!actor.bounds().lacks(Mutation.SKIPS_PROVE)) {
                    ended(all, i, actor.bounds());
                }
            }
        }
        if (world.isWhollyFenced() || isUnnoticed(actor)) {
            actor.done(all);
        } else {
            actor.times(all, "a write went through");
        }
    }

    private static boolean isUnnoticed(Coordinator actor) {
        return actor.bounds().lacks(Mutation.SKIPS_FENCE) || actor.bounds().lacks(Mutation.FENCES_ONE_SOURCE);
    }

    /** An instance whose time limit has opened the gate of this very hold may have begun something again. */
    private static void heldIsIdle(Coordinator actor, int i) {
        World world = actor.world();
        Fleet.Facts facts = actor.fleet().facts(world.get(Field.INSTANCE[i]));
        boolean counted = world.get(Field.REPORT[i]) == Fleet.Says.HELD.code() && !world.is(Field.SAID_BEFORE[i]);
        boolean excused = facts.overdue() && facts.newest() == world.get(Field.VERSION);
        if (counted
                && !excused
                && world.get(Field.TRANSACTION[i]) == World.OWN
                && actor.bounds().heeds(Invariant.HELD_IS_IDLE)) {
            throw new Broken(
                    Invariant.HELD_IS_IDLE,
                    InstanceSteps.name(i) + " counted as HELD, and has a transaction when its sessions are ended");
        }
    }

    private static World ended(World world, int instance, Bounds bounds) {
        return world.database(instance) == 1 && bounds.lacks(Mutation.FENCES_ONE_SOURCE)
                ? world
                : InstanceSteps.become(world, instance, World.IDLE).set(Field.WRITERS[instance], 0);
    }

    /** The position is taken first, in the session; then it waits, through the target. */
    static void barrier(Coordinator actor) {
        World world = actor.world();
        actor.times(world.copy(), "its time is over");
        boolean all = true;
        for (int database = 0; database < world.databases(); database++) {
            boolean skipped = database == 1 && actor.bounds().lacks(Mutation.WAITS_FOR_ONE_TARGET);
            int position = world.get(World.barriers(actor.number()).get(database));
            all &= position == 1 || skipped;
            if (position == 0 && !skipped) {
                takePosition(actor, database);
            }
        }
        if (all) {
            actor.done(world.copy());
        }
    }

    private static void takePosition(Coordinator actor, int database) {
        World world = actor.world();
        if (!world.hasSession(actor.number(), database)) {
            actor.lost(Kind.SESSION_LOST);
            return;
        }
        boolean early = actor.bounds().lacks(Mutation.BARRIER_BEFORE_FENCE);
        int missing = world.get(early ? Field.POSITION_EARLY[database] : Field.LAG[database]);
        actor.stays(
                world.copy().set(World.barriers(actor.number()).get(database), missing + 1),
                "BARRIER at " + missing + " from the end");
    }

    /** Each fence for itself: one that can't be lowered leaves the others down. */
    static void lower(Coordinator actor) {
        World world = actor.world();
        boolean anyone = actor.bounds().lacks(Mutation.LOWERS_WITHOUT_SESSION);
        List<World> partly = new ArrayList<>(List.of(world.copy()));
        for (int database = 0; database < world.databases(); database++) {
            boolean left = database == 1 && actor.bounds().lacks(Mutation.LOWERS_ONE_FENCE);
            if (!left && (anyone || world.hasSession(actor.number(), database))) {
                int lowered = database;
                List<World> more = partly.stream()
                        .map(each -> each.copy().set(Field.FENCE[lowered], 0))
                        .toList();
                partly.addAll(more);
            }
        }
        World down = partly.get(partly.size() - 1);
        if (!anyone && !actor.hasSession()) {
            actor.ends(down, StepResult.of(Kind.SESSION_LOST, ""), "");
            return;
        }
        partly.forEach(each -> actor.fails(each.copy(), each.isFenced() ? "still up" : "down, but its time was over"));
        actor.done(down);
    }
}
