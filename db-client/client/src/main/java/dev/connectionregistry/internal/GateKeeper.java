package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Operates the gate in front of the pools: publishes, holds, releases. What takes time (waiting until nothing is in
 * use, checking what a fence left behind) runs on workers; each step invalidates the previous one, so that a worker
 * that finishes late reports nothing and opens nothing. A gate becomes HELD together with those of the run's other
 * names in this process ({@link GateGroup}). Control thread only, except {@link #countedInto} and {@link #waitsFor}.
 */
final class GateKeeper {
    private static final Logger LOG = CleanLogger.of(GateKeeper.class);
    /** How long callers wait, after the end of a hold, for the check of the pool's connections. */
    private static final Duration LOOK_BOUND = Duration.ofSeconds(1);
    /**
     * How often a gate that isn't HELD checks which callers to let through; and, if no other name is in this process,
     * whether one has joined.
     */
    private static final Duration LOOK = Duration.ofMillis(5);

    private static final Duration SELDOM = Duration.ofMillis(50);
    /** A hold ends long before this; the bound keeps a forgotten hold from being watched for ever. */
    private static final Duration WATCH_BOUND = Transition.LONGEST_BUDGET.multipliedBy(3);

    private final String database;
    private final Borrower borrower;
    private final GateGroup.Member member;
    private final Scheduler control;
    private final RetriedWork work;
    private final Consumer<Event> events;
    private Step last = new Step();
    private @Nullable PoolGeneration held;
    /** Other pools that must be unused for the current hold; written by the control thread. */
    private volatile List<PoolGeneration> heldBesides = List.of();
    /** What {@link #waitsFor} returns; written by the control thread. */
    private volatile Optional<String> waitsFor = Optional.empty();

    private long waitsForSince;

    GateKeeper(String database, Borrower borrower, Scheduler control, RetriedWork work, Consumer<Event> events) {
        this.database = database;
        this.borrower = borrower;
        this.member = new GateGroup.Member(database, borrower);
        this.control = control;
        this.work = work;
        this.events = events;
    }

    /** One operation on the gate; over when the next one starts, or when it has finished. */
    private static final class Step {
        private volatile boolean over; // written by the control thread
        private boolean watched; // control thread only

        boolean isOver() {
            return over;
        }
    }

    private Step begin(@Nullable PoolGeneration nowHeld) {
        last.over = true;
        last = new Step();
        held = nowHeld;
        heldBesides = List.of();
        waitsFor = Optional.empty();
        waitsForSince = control.nanoTime();
        return last;
    }

    /** The settings have this transition; null for none. */
    void follow(@Nullable String transitionId) {
        member.follow(transitionId);
    }

    /** Callers borrow from {@code pool} from now on. */
    void publish(PoolGeneration pool) {
        begin(null);
        member.opened();
        borrower.publish(pool);
    }

    /**
     * Callers wait from now on; {@link Event.Drained} follows when nothing is in use any more. Starts again if the gate
     * is already held.
     *
     * @param replaced pools on the same server that still drain: their connections in use can write too
     */
    void hold(PoolGeneration pool, List<PoolGeneration> replaced, String run) {
        Step hold = begin(pool);
        heldBesides = List.copyOf(replaced);
        borrower.hold(run);
        pool.pause();
        pool.accept(AcceptedPrimary.WRITABLE); // even if an earlier hold that lasted too long accepted more
        LOG.info("{} gen {}: the gate is closed for {}", database, pool.number(), run);
        member.closed(pool, heldBesides, () -> control.execute(() -> drained(hold, pool)), control.nanoTime());
        if (!member.settle()) { // most become HELD at once, so no other thread is needed
            watch(hold, pool);
            control.schedule(() -> look(hold, pool), GateGroup.PATIENCE);
        }
    }

    /** Watches for the end of use on a worker, which each return of a connection wakes. */
    private void watch(Step hold, PoolGeneration pool) {
        List<PoolGeneration> replaced = heldBesides;
        hold.watched = true;
        work.run(pool.number(), () -> {
            boolean othersUnused =
                    replaced.stream().allMatch(each -> each.awaitUnused(WATCH_BOUND, hold::isOver) || each.isClosed());
            if (othersUnused && pool.awaitUnused(WATCH_BOUND, hold::isOver)) {
                member.settle();
            }
            control.execute(() -> hold.watched = false);
        });
    }

    /** While the gate isn't HELD: lets callers through if the run's other names need it, and watches those names. */
    private void look(Step hold, PoolGeneration pool) {
        if (hold.over || member.settle()) {
            return;
        }
        member.letThrough(control.nanoTime());
        if (!hold.watched && !pool.isUnused()) {
            watch(hold, pool);
        }
        tellWhatItWaitsFor();
        control.schedule(() -> look(hold, pool), member.hasOthers() ? LOOK : SELDOM);
    }

    /** Runs seldom, because each change is reported. */
    private void tellWhatItWaitsFor() {
        long now = control.nanoTime();
        if (now - waitsForSince >= GateGroup.TELLS_AFTER.toNanos()) {
            waitsForSince = now;
            Optional<String> before = waitsFor;
            waitsFor = member.waitsFor();
            if (!waitsFor.equals(before)) {
                waitsFor.ifPresent(what -> LOG.warn("{}", what));
                events.accept(new Event.HealthChanged());
            }
        }
    }

    /**
     * What has kept a closed gate from being HELD for some time, besides its own connections. May be called by any
     * thread.
     */
    Optional<String> waitsFor() {
        return waitsFor;
    }

    private void drained(Step hold, PoolGeneration pool) {
        if (!hold.over) {
            LOG.info("{} gen {}: nothing is in use behind the closed gate", database, pool.number());
            waitsFor = Optional.empty();
            events.accept(new Event.Drained(pool.number()));
        }
    }

    /**
     * Lets callers borrow from the held {@code pool} again, once it is known to have live connections or the time for
     * checking is over. Does nothing if the pool isn't held, or is already being released.
     *
     * @param accepts what counts as a primary from now on; if that must accept writes, connections that began under a
     *     fence are replaced
     */
    void release(PoolGeneration pool, AcceptedPrimary accepts) {
        if (pool != held) {
            return;
        }
        Step release = begin(null);
        member.opened();
        pool.accept(accepts);
        pool.resume();
        control.schedule(() -> open(release, pool, "without waiting for the check of its connections"), LOOK_BOUND);
        work.run(pool.number(), () -> revive(release, pool, accepts));
    }

    private void revive(Step release, PoolGeneration pool, AcceptedPrimary accepts) {
        try {
            if (accepts == AcceptedPrimary.WRITABLE) {
                pool.replaceFenced();
            }
            pool.revive(release::isOver);
        } finally {
            control.execute(() -> open(release, pool, "its connections were checked"));
        }
    }

    private void open(Step release, PoolGeneration pool, String how) {
        if (!release.over) {
            release.over = true;
            LOG.info("{} gen {}: the gate is open again, {}", database, pool.number(), how);
            borrower.release(pool);
        }
    }

    /** Ends borrowing. */
    void close() {
        begin(null);
        member.leave();
        borrower.close();
    }

    /**
     * The pool's figures. Callers at the gate count as waiting; in a hold, everything that it waits for counts as in
     * use. May be called by any thread.
     */
    PoolFigures countedInto(PoolFigures pool) {
        int besides =
                heldBesides.stream().mapToInt(each -> each.figures().active()).sum();
        return pool.plus(besides, borrower.waiting());
    }
}
