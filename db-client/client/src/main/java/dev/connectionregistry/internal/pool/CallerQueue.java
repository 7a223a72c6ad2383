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
 * The single line in which callers wait, whether for a closed gate or for a free connection.
 *
 * <pre>
 *   SHUT ──publish──► OPEN ◄──publish── HELD        SHUT: before the first pool and after the end
 *     ▲                │ └─────hold──────►│
 *     └──────shut──────┴──────shut────────┘
 * </pre>
 *
 * <p>Waiting costs nothing: each caller is parked until it is its turn or its time is up. While the gate is open, a few
 * callers have a turn: they may ask the pool itself ({@link Turn#hasRoom}). Each caller that has been served or has
 * given up lets the next ones in. So a returned connection wakes one caller inside the pool, which wakes the next one
 * in the line, and returns needn't be reported. A borrower that only checks the pool lets nobody in, and neither does a
 * caller that ended with an {@link Error}; so one caller in the line, the lookout, checks once a slice whether there is
 * room.
 *
 * <p>Replacing the pool, or a hold, ends all turns. Callers that had one return, at the latest after a slice, to the
 * position that their arrival gives them.
 *
 * <p>While the gate is held, callers may be {@linkplain #letThrough let through} all the same, until the hold {@linkplain #letNobodyThrough
 * ends that} (docs/adr/0041).
 *
 * <p>While a caller is in the line or has a turn, {@link #direct} is null and each new caller joins the line, so that
 * no caller is overtaken for ever. The lock is held for a few steps only, and neither it nor parking pins a virtual
 * thread. Thread-safe.
 */
final class CallerQueue {
    private static final long SLICE_NANOS = PoolGeneration.SLICE.toNanos();

    private final AtomicLong numbers = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as are "shut", "hold", "heldPatience", "anybody"; the caller that came first is first. */
    private final TreeSet<Caller> line = new TreeSet<>();

    private @Nullable Hold hold;
    private Duration heldPatience = Duration.ZERO;
    /** Whether all callers are let through, or only threads that were let through before. */
    private boolean anybody;
    /** A caller in the line, if there is any: the last one, so that it seldom changes. Written under "lock". */
    private volatile @Nullable Caller lookout;
    /** Written under "lock", as are all fields below. */
    private volatile boolean shut = true;

    private volatile int waiting;
    /** Null while the gate is held or shut. */
    private volatile @Nullable Turn turn;
    /** The turn of callers that are let through while the gate is held; otherwise null. */
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
        /** How long it has been closed. */
        Duration closedFor() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    /** Opens the gate to {@code generation}; waiting callers are admitted as far as there are connections. */
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
     * Closes the gate for a while. If it is already closed, only changes the name, so that no caller's time starts
     * again; if nothing is served, does nothing.
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
     * Lets callers through to the held {@code generation}, in order, as far as there are connections. Does nothing
     * unless the gate is held.
     *
     * @param through where to record the connections that they get
     * @param everybody whether all callers are let through, or only those whose thread already got a connection there
     *     and still has it
     */
    void letThrough(PoolGeneration generation, LetThrough through, boolean everybody) {
        List<Caller> admitted;
        lock.lock();
        try {
            if (hold == null) {
                return;
            }
            if (passage == null || (anybody && !everybody)) {
                passage = new Turn(generation, through); // callers that haven't been served yet return to the line
            }
            anybody = everybody;
            admitted = admit();
        } finally {
            lock.unlock();
        }
        wake(admitted);
    }

    /**
     * Lets no more callers through; those that were let through and aren't counted as in use by now return to the line.
     */
    void letNobodyThrough() {
        passage = null;
    }

    /** Sends all callers away for good. */
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

    /** The pool to borrow from without waiting behind others; null if the caller must {@link #arrive}. */
    @Nullable
    PoolGeneration direct() {
        return direct;
    }

    /** Whether {@code generation} is the current pool. */
    boolean serves(PoolGeneration generation) {
        Turn now = turn;
        return now != null && now.pool() == generation;
    }

    /** The current pool; null while the gate is held or shut. */
    @Nullable
    PoolGeneration served() {
        Turn now = turn;
        return now == null ? null : now.pool();
    }

    /** The current hold; null if there is none. */
    @Nullable
    Hold hold() {
        lock.lock();
        try {
            return hold;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is served, because it hasn't started or is over. */
    boolean isShut() {
        return shut;
    }

    /** How many callers wait in the line now; callers that have a turn are in the pool's figures. Never blocks. */
    int waiting() {
        return waiting;
    }

    /** A caller that starts to wait now, for as long as the current or held pool allows. */
    Caller arrive() {
        lock.lock();
        try {
            Turn now = turn;
            return arrive(Duration.ZERO, now == null ? heldPatience : timeout(now.pool()));
        } finally {
            lock.unlock();
        }
    }

    /** A caller that has already waited for {@code spent}, and may wait for {@code atMost} in total. */
    Caller arrive(Duration spent, Duration atMost) {
        return new Caller(System.nanoTime() - spent.toNanos(), atMost, numbers.incrementAndGet());
    }

    private static Duration timeout(PoolGeneration generation) {
        return generation.poolSettings().connectionTimeout();
    }

    /**
     * Waits until it is the caller's turn; returns at once if it is. The caller must {@link #leave} in the end.
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

    /** Whether the caller may keep asking the pool: false as soon as the pool was replaced or the gate has closed. */
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

    /** A caller that entered the pool before others started to wait has left it: the next may come. */
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

    /** Gives turns to as many callers as there is room for; returns those to wake. */
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

    /** The caller whose turn is next; null if there is none. */
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
