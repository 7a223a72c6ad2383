package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;

/** Whether what a coordinator says at its end is so. */
final class Truth {
    private Truth() {}

    static void check(RunOutcome outcome, World world, Fleet fleet, String who) {
        boolean fence = world.isWhollyFenced();
        boolean onSource = world.standing() == Content.on(world.source());
        boolean onTarget = world.standing() == Content.on(world.target());
        boolean so =
                switch (outcome) {
                    case SWITCHED -> onTarget && fence && nobodyOnSource(world, fleet);
                    case SWITCHED_NOT_ALL_SEEN, TOO_LATE -> onTarget && fence;
                    case UNDONE, REHEARSED -> onSource && !world.isFenced();
                    case FOREIGN -> false; // nobody else writes here
                    case REFUSED, TAKEN_OVER, STUCK -> true; // promises nothing
                };
        if (!so) {
            throw new Broken(
                    Invariant.TRUTH,
                    who + ", but " + world.standing() + " stands and the fence is "
                            + (world.isFenced() ? "up" : "down"));
        }
    }

    private static boolean nobodyOnSource(World world, Fleet fleet) {
        for (Field instance : Field.INSTANCE) {
            if (fleet.facts(world.get(instance)).handsOut() == world.source()) {
                return false;
            }
        }
        return true;
    }
}
