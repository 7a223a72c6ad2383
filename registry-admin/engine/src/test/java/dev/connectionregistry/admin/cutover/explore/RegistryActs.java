package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Transition.Phase;
import org.jspecify.annotations.Nullable;

/** Acts on the registry: lock, settings, what the fleet has said. */
final class RegistryActs {
    private RegistryActs() {}

    /** Its own epoch's successor for one that settles; anybody's for one that takes over; a free one for a new run. */
    static void takeLock(Coordinator actor) {
        World world = actor.world();
        boolean settles = actor.run().undoing();
        boolean takesOver = actor.run().purpose().takesOver();
        actor.fails(world.copy(), "no answer, nothing written");
        if (settles && !actor.hasEpoch()) {
            actor.lost(Kind.LOCK_LOST);
        } else if (settles || takesOver == world.is(Field.OPEN)) {
            World taken = nextEpoch(world.copy(), actor);
            actor.done(taken);
            if (actor.bounds().allows(Fault.LOST_ANSWER, world)) {
                actor.fails(taken.copy().count(Fault.LOST_ANSWER), "no answer, but written");
            }
        }
    }

    private static World nextEpoch(World world, Coordinator actor) {
        boolean keeps = actor.bounds().lacks(Mutation.KEEPS_EARLIER_EPOCH);
        int epoch = (1 << actor.number()) | (keeps ? world.get(Field.EPOCH) : 0);
        world.set(Field.EPOCH, epoch).set(Field.OPEN, 1);
        return keeps ? world : withoutPending(world);
    }

    static World withoutPending(World world) {
        return world.set(Field.PENDING, 0).set(Field.PENDING_CONTENT, 0).set(Field.PENDING_AFTER, 0);
    }

    static void look(Coordinator actor) {
        World world = actor.world();
        actor.fails(world.copy(), "no answer");
        if (!actor.hasEpoch()) {
            actor.lost(Kind.LOCK_LOST);
            return;
        }
        World next = world.copy().set(Field.SEEN[actor.number()], world.get(Field.VERSION));
        actor.ends(next, StepResult.found(found(world)), "");
    }

    private static SettingsState found(World world) {
        Content standing = world.standing();
        if (standing.isTransition()) {
            return standing.isHold() ? SettingsState.HELD : SettingsState.PREPARED;
        }
        return standing.server() == world.target() ? SettingsState.SWITCHED : SettingsState.STEADY_SOURCE;
    }

    /** Writes this phase of its cutover. */
    static void write(Coordinator actor, Phase phase) {
        write(actor, Content.of(actor.writer(), phase));
    }

    /** Writes the target's settings as steady ones. */
    static void switchOver(Coordinator actor) {
        if (actor.bounds().lacks(Mutation.SWITCHES_NAMES_APART)
                && mayWrite(actor, Content.on(actor.world().target()))) {
            World half = write(actor.world().copy(), Content.HALF_SWITCHED, actor.bounds());
            actor.ends(half, StepResult.of(Kind.UNKNOWN, ""), "the first name is switched, the second is not");
        }
        write(actor, Content.on(actor.world().target()));
    }

    /** The next version, if the lock is still its own and the version is the one that it saw. */
    private static void write(Coordinator actor, Content content) {
        World world = actor.world();
        boolean possible = mayWrite(actor, content);
        actor.fails(notWritten(actor, content), "certainly not written");
        if (possible) {
            actor.done(written(actor, content));
        } else if (!actor.hasEpoch()) {
            actor.lost(Kind.LOCK_LOST);
        } else {
            actor.times(notWritten(actor, content), "another version stands");
        }
        if (actor.bounds().allows(Fault.LOST_ANSWER, world) && !world.is(Field.PENDING)) {
            loseAnswer(actor, content, possible);
        }
    }

    private static boolean mayWrite(Coordinator actor, Content content) {
        Bounds bounds = actor.bounds();
        boolean switches = content == Content.on(actor.world().target());
        boolean bold = switches && bounds.lacks(Mutation.SWITCHES_UNCONDITIONALLY);
        boolean anyEpoch = switches && bounds.lacks(Mutation.SWITCHES_WITHOUT_EPOCH);
        boolean anyVersion = switches && bounds.lacks(Mutation.SWITCHES_WITHOUT_VERSION);
        boolean stands = actor.seen() == actor.world().get(Field.VERSION);
        return bold || ((actor.hasEpoch() || anyEpoch) && (stands || anyVersion));
    }

    /**
     * It knows that its own write took effect, so it reveals the secret of that version, if it has one. In a calm world that says
     * nothing which a read doesn't say as well.
     */
    private static World written(Coordinator actor, Content content) {
        Secret secret = secret(actor, content);
        World next = write(actor.world().copy(), content, actor.bounds());
        if (secret != null && !actor.bounds().calm() && secret.version() == next.get(Field.VERSION)) {
            next.reveal(secret.writer());
        }
        return next.set(Field.SEEN[actor.number()], next.get(Field.VERSION));
    }

    private static World notWritten(Coordinator actor, Content content) {
        World same = actor.world().copy();
        Secret secret = secret(actor, content);
        return secret != null && actor.bounds().lacks(Mutation.REVEALS_BEFORE_WRITTEN)
                ? same.revealUntruly(secret)
                : same;
    }

    /** What it can announce as the version after that which it saw; null unless that has its own commitments. */
    private static @Nullable Secret secret(Coordinator actor, Content content) {
        Writer writer = actor.world().content(actor.seen()).writer();
        if (writer != actor.writer() || content.isPrepare()) {
            return null;
        }
        boolean switches = content == Content.on(writer.target());
        Commitment.Kind steady = switches ? Commitment.Kind.SWITCH : Commitment.Kind.UNDO;
        return new Secret(writer, content.isHold() ? Commitment.Kind.HOLD : steady, actor.seen() + 1);
    }

    /** Writes the next version; what is known of instances about the one before is of no use any more. */
    static World write(World next, Content content, Bounds bounds) {
        Content before = next.standing();
        next.write(content);
        for (int i = 0; i < Field.REPORT.length; i++) {
            boolean heldBefore = before.isHold() && next.get(Field.REPORT[i]) == Fleet.Says.HELD.code();
            boolean counts = bounds.lacks(Mutation.COUNTS_STALE_REPORTS)
                    || (heldBefore && content.isHold() && bounds.lacks(Mutation.COUNTS_EARLIER_HELD));
            if (!counts) {
                next.set(Field.REPORT[i], 0).set(Field.SAID_BEFORE[i], 0);
            }
        }
        return next;
    }

    private static void loseAnswer(Coordinator actor, Content content, boolean possible) {
        StepResult unknown = StepResult.of(Kind.UNKNOWN, "");
        World late = notWritten(actor, content)
                .count(Fault.LOST_ANSWER)
                .set(Field.PENDING, actor.number() + 1)
                .set(Field.PENDING_CONTENT, content.code())
                .set(Field.PENDING_AFTER, actor.seen());
        actor.ends(late, unknown, "may be written later, or never");
        if (possible) {
            World next = actor.world().copy().count(Fault.LOST_ANSWER);
            actor.ends(write(next, content, actor.bounds()), unknown, "written, but no answer");
        }
    }

    /** The settings that stand once more, with another poll interval. */
    static void interval(Coordinator actor) {
        write(actor, actor.world().standing());
    }

    /** Writes the source's settings if the run's transition stands; if not, there is nothing to do. */
    static void withdraw(Coordinator actor) {
        if (actor.hasEpoch() && !actor.world().standing().isTransition()) {
            actor.done(actor.world().copy());
        } else {
            write(actor, Content.on(actor.world().source()));
        }
    }

    static void await(Coordinator actor, Fleet.Says what) {
        World world = actor.world();
        boolean fresh =
                actor.seen() == world.get(Field.VERSION) || actor.bounds().lacks(Mutation.COUNTS_STALE_REPORTS);
        boolean all = world.get(Field.REPORT[0]) == what.code() && world.get(Field.REPORT[1]) == what.code();
        if ((all && fresh) || (what == Fleet.Says.HELD && actor.bounds().lacks(Mutation.SKIPS_AWAIT_HELD))) {
            actor.done(world.copy());
        }
        actor.times(world.copy(), "its time is over");
    }

    /** Gives both locks back. */
    static void unlock(Coordinator actor) {
        World world = actor.world();
        actor.fails(world.copy(), "no answer");
        if (actor.hasEpoch()) {
            actor.done(withoutPending(world.copy()).set(Field.EPOCH, 0).set(Field.OPEN, 0));
        } else {
            actor.lost(Kind.LOCK_LOST);
        }
    }
}
