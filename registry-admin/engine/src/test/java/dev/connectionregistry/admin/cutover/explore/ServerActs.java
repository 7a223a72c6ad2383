package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;

/** Acts on the servers: the session, the fence, the barrier. */
final class ServerActs {
    private ServerActs() {}

    static void takeSession(Coordinator actor) {
        World world = actor.world();
        int mine = 1 << actor.number();
        int others = world.get(Field.SESSION) & ~mine;
        boolean ends = actor.run().endsOtherSession();
        actor.fails(world.copy(), others == 0 ? "no answer" : "another has it");
        if (others == 0 || ends) {
            boolean keeps = actor.bounds().lacks(Mutation.KEEPS_EARLIER_SESSION);
            actor.done(world.copy().set(Field.SESSION, mine | (keeps ? others : 0)));
        } else if (actor.bounds().calm()) {
            actor.times(world.copy(), "another has it");
        }
        if (others != 0 && ends) {
            actor.fails(world.copy().set(Field.SESSION, 0), "the other's is ended, but it didn't get its own");
        }
    }

    /** From now on sessions that begin can't write; those that are there can. */
    static void fence(Coordinator actor) {
        if (!actor.hasSession()) {
            actor.lost(Kind.SESSION_LOST);
            return;
        }
        World up = actor.world().copy();
        if (!actor.bounds().lacks(Mutation.SKIPS_FENCE)) {
            up.set(Field.FENCE, 1);
        }
        actor.fails(actor.world().copy(), "not up");
        actor.fails(up.copy(), "up, but its time was over");
        if (actor.bounds().lacks(Mutation.BARRIER_BEFORE_FENCE)) {
            up.set(Field.POSITION_EARLY, actor.world().get(Field.LAG));
        }
        actor.done(up);
    }

    /** Ends sessions, one instance's or all; then looks whether the fence is up. */
    static void prove(Coordinator actor) {
        if (!actor.hasSession()) {
            actor.lost(Kind.SESSION_LOST);
            return;
        }
        World world = actor.world();
        actor.fails(world.copy(), "before it ended any session");
        for (int i = 0; i < Field.INSTANCE.length; i++) {
            heldIsIdle(actor, i);
        }
        actor.fails(ended(world.copy(), 0), "when it had ended A's sessions");
        actor.fails(ended(world.copy(), 1), "when it had ended B's sessions");
        World all = actor.bounds().lacks(Mutation.SKIPS_PROVE) ? world.copy() : ended(ended(world.copy(), 0), 1);
        if (world.is(Field.FENCE) || actor.bounds().lacks(Mutation.SKIPS_FENCE)) {
            actor.done(all);
        } else {
            actor.times(all, "a write went through");
        }
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

    private static World ended(World world, int instance) {
        return world.set(Field.TRANSACTION[instance], World.IDLE).set(Field.WRITERS[instance], 0);
    }

    /** The position is taken first, in the session; then it waits, through the target. */
    static void barrier(Coordinator actor) {
        World world = actor.world();
        Field position = Field.BARRIER[actor.number()];
        actor.times(world.copy(), "its time is over");
        if (world.get(position) == 1) {
            actor.done(world.copy());
        } else if (world.get(position) == 0 && !actor.hasSession()) {
            actor.lost(Kind.SESSION_LOST);
        } else if (world.get(position) == 0) {
            boolean early = actor.bounds().lacks(Mutation.BARRIER_BEFORE_FENCE);
            int missing = early ? world.get(Field.POSITION_EARLY) : world.get(Field.LAG);
            actor.stays(world.copy().set(position, missing + 1), "BARRIER at " + missing + " from the end");
        }
    }

    static void lower(Coordinator actor) {
        if (!actor.hasSession() && !actor.bounds().lacks(Mutation.LOWERS_WITHOUT_SESSION)) {
            actor.lost(Kind.SESSION_LOST);
            return;
        }
        World down = actor.world().copy().set(Field.FENCE, 0);
        actor.fails(actor.world().copy(), "still up");
        actor.fails(down.copy(), "down, but its time was over");
        actor.done(down);
    }
}
