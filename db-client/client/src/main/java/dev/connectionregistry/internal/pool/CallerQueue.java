package dev.connectionregistry.internal.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one line in which callers wait, be it for a closed gate or for a free connection.
 *
 * <pre>
 *   SHUT ──publish──► OPEN ◄──publish── HELD        SHUT: before the first pool and after the end
 *     ▲                │ └─────hold──────►│
 *     └──────shut──────┴──────shut────────┘
 * </pre>
 *
 * <p>Waiting costs nothing: each caller is parked until it is its turn or its time is up. While the gate is open a few callers
 * have a turn, which means that they ask the pool itself ({@link Turn#hasRoom}). Each one that has been served or has given up
 * lets the next ones in. So a returned connection wakes one caller inside the pool, which wakes the next of the line, and no
 * return needs to be reported. A borrower that only looks after the pool lets nobody in, and neither does a caller that ended
 * with an {@link Error}; so one caller of the line, the lookout, checks once a slice whether there is room.
 *
 * <p>A swap or a hold ends all turns. The callers that had one come back, at the latest after a slice, to the place that their
 * arrival gives them.
 *
 * <p>While the gate is held, callers may be {@linkplain #letThrough let through} all the same, until the hold {@linkplain #letNobodyThrough
 * ends that} (docs/adr/0041).
 *
 * <p>While anybody is in the line or has a turn, {@link #direct} is null and each new caller joins the line, so that nobody is
 * overtaken for ever. The lock is held for a few steps only, and neither it nor parking pins a virtual thread. Thread-safe.
 */
final class CallerQueue {
    private static final long SLICE_NANOS = PoolGeneration.SLICE.toNanos();

    private final AtomicLong numbers = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as "shut", "hold", "heldPatience", "anybody"; who came first is first. */
    private final TreeSet<Caller> line = new TreeSet<>();

    private @Nullable Hold hold;
    private Duration heldPatience = Duration.ZERO;
    /** Whether all are let through, or only threads that were before. */
    private boolean anybody;
    /** Somebody in the line, if there is anybody: the one who was last, so that it seldom changes. Written under "lock". */
    private volatile @Nullable Caller lookout;
    /** Written under "lock", as all below. */
    private volatile boolean shut = true;

    private volatile int waiting;
    /** Null while the gate is held or shut. */
    private volatile @Nullable Turn turn;
    /** What those have who are let through while the gate is held; else null. */
    private volatile @Nullable Turn passage;
    /** The pool to borrow from at once; null while the gate is held or shut, and while others wait. */
    private volatile @Nullable PoolGeneration direct;

    /**
     * A gate that is closed for a while.
     *
     * @param run which cutover closed it
     * @param since since when, on the monotonic clock in nanoseconds
     */
    record Hold(String run, long since) {
        /** For how long it has been closed. */
        Duration closedFor() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    /** Opens the gate to {@code generation}; those who wait are let in as there are connections for them. */
    void publish(PoolGeneration generation) {
        List<Caller> admitted;
        lock.lock();
        try {
            shut = false;
            hold = null;
            passage = null;
            turn = new Turn(generation);
            admitted = admit();
        } finally {
            lock.unlock();
        }
        wake(admitted);
    }

    /**
     * Closes the gate for a while. Changes only the name if it is closed already: nobody's time starts over; and nothing where
     * nothing is served.
     */
    void hold(String run) {
        lock.lock();
        try {
            Turn ended = turn;
            Hold before = hold;
            passage = null;
            if (ended != null) {
                heldPatience = timeout(ended.pool());
                turn = null;
                direct = null;
            }
            if (ended != null || before != null) {
                hold = new Hold(run, before == null ? System.nanoTime() : before.since());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets callers through to the held {@code generation}, in their order, as there are connections for them. Does nothing unless the gate
     * is held.
     *
     * @param through where to note what they get
     * @param everybody whether all are, or only those whose thread has got something there that it still has
     */
    void letThrough(PoolGeneration generation, LetThrough through, boolean everybody) {
        List<Caller> admitted;
        lock.lock();
        try {
            if (hold == null) {
                return;
            }
            if (passage == null || (anybody && !everybody)) {
                passage = new Turn(generation, through); // those who haven't been served yet come back to the line
            }
            anybody = everybody;
            admitted = admit();
        } finally {
            lock.unlock();
        }
        wake(admitted);
    }

    /** Nobody is let through any more; each who was and isn't counted in use by now comes back to the line. */
    void letNobodyThrough() {
        passage = null;
    }

    /** Sends everybody away, for good. */
    void shut() {
        List<Caller> all;
        lock.lock();
        try {
            shut = true;
            hold = null;
            passage = null;
            turn = null;
            direct = null;
            all = List.copyOf(line);
        } finally {
            lock.unlock();
        }
        wake(all);
    }

    /** The pool to borrow from without waiting for anybody; null if the caller has to {@link #arrive}. */
    @Nullable
    PoolGeneration direct() {
        return direct;
    }

    /** Whether {@code generation} is what is served now. */
    boolean serves(PoolGeneration generation) {
        Turn now = turn;
        return now != null && now.pool() == generation;
    }

    /** The pool that is served; null while the gate is held or shut. */
    @Nullable
    PoolGeneration served() {
        Turn now = turn;
        return now == null ? null : now.pool();
    }

    /** The hold in force; null if there is none. */
    @Nullable
    Hold hold() {
        lock.lock();
        try {
            return hold;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is served: not yet, or not any more. */
    boolean isShut() {
        return shut;
    }

    /** How many callers wait in the line now; those who have a turn are the pool's. Never blocks. */
    int waiting() {
        return waiting;
    }

    /** A caller that begins to wait now, for as long as the pool allows that is served or held. */
    Caller arrive() {
        lock.lock();
        try {
            Turn now = turn;
            return arrive(Duration.ZERO, now == null ? heldPatience : timeout(now.pool()));
        } finally {
            lock.unlock();
        }
    }

    /** A caller that has waited for {@code spent} already, and may wait for {@code atMost} in all. */
    Caller arrive(Duration spent, Duration atMost) {
        return new Caller(System.nanoTime() - spent.toNanos(), atMost, numbers.incrementAndGet());
    }

    private static Duration timeout(PoolGeneration generation) {
        return generation.poolSettings().connectionTimeout();
    }

    /**
     * Waits until it is the caller's turn; at once if it has it already. The caller must {@link #leave} in the end.
     *
     * @return the pool to ask; null if the caller's time is up or the gate is shut
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    @Nullable
    PoolGeneration await(Caller caller) throws InterruptedException {
        if (!hasTurn(caller)) {
            wake(join(caller));
        }
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = caller.leftNanos();
            if (left <= 0 || shut) {
                return null;
            }
            Turn mine = caller.turn();
            if (mine != null) {
                return mine.pool();
            }
            boolean looks = caller.equals(lookout);
            LockSupport.parkNanos(this, looks ? Math.min(left, SLICE_NANOS) : left);
            if (looks) {
                passedBy();
            }
        }
    }

    /** Whether the caller may go on asking the pool: false as soon as that was replaced or the gate has closed. */
    boolean hasTurn(Caller caller) {
        Turn mine = caller.turn();
        return mine != null && (mine == turn || mine == passage);
    }

    private List<Caller> join(Caller caller) {
        lock.lock();
        try {
            caller.endTurn();
            line.add(caller);
            return admit();
        } finally {
            lock.unlock();
        }
    }

    /** The caller has been served, or has given up: the next may come. */
    void leave(Caller caller) {
        List<Caller> admitted;
        lock.lock();
        try {
            line.remove(caller);
            caller.endTurn();
            admitted = admit();
        } finally {
            lock.unlock();
        }
        wake(admitted);
    }

    /** Somebody who was inside the pool before others began to wait has left it: the next may come. */
    void passedBy() {
        List<Caller> admitted;
        lock.lock();
        try {
            admitted = admit();
        } finally {
            lock.unlock();
        }
        wake(admitted);
    }

    /** Gives turns to as many as there is room for; says whom to wake. */
    private List<Caller> admit() {
        Turn open = turn;
        Turn now = open == null ? passage : open;
        List<Caller> admitted = new ArrayList<>(2);
        if (!line.isEmpty()) { // before the pool is asked: a caller that leaves it afterwards sees that others wait
            direct = null;
        }
        while (now != null && !line.isEmpty() && now.hasRoom()) {
            Caller next = next(now);
            if (next == null) {
                break;
            }
            line.remove(next);
            now.given(next);
            next.turn(now);
            admitted.add(next);
        }
        waiting = line.size();
        Caller watching = lookout;
        if (watching == null || !line.contains(watching)) {
            Caller last = line.isEmpty() ? null : line.last();
            lookout = last;
            if (last != null) {
                admitted.add(last);
            }
        }
        PoolGeneration free = open != null && line.isEmpty() && open.isFree() ? open.pool() : null;
        if (direct != free) {
            direct = free;
        }
        return admitted;
    }

    /** Whose turn it is next; null if it is nobody's. */
    private @Nullable Caller next(Turn now) {
        LetThrough through = now.through();
        return through == null || anybody
                ? line.first()
                : line.stream()
                        .filter(caller -> through.holds(caller.thread()))
                        .findFirst()
                        .orElse(null);
    }

    private static void wake(List<Caller> callers) {
        for (Caller each : callers) {
            if (each.thread() != Thread.currentThread()) {
                LockSupport.unpark(each.thread());
            }
        }
    }
}
