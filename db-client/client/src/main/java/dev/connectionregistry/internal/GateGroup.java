package dev.connectionregistry.internal;

import dev.connectionregistry.internal.GroupDecisions.Gate;
import dev.connectionregistry.internal.GroupDecisions.Passage;
import dev.connectionregistry.internal.GroupDecisions.Stage;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.LetThrough;
import dev.connectionregistry.internal.pool.PoolGeneration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data sources of this process whose settings are in one run of a cutover. A thread that has a connection of one
 * name and waits at the gate of another would keep the first name from draining. So the gates become HELD all at once,
 * and before that they let callers through where {@link GroupDecisions} says so.
 *
 * <p>A group exists from the first data source that reads the run's PREPARE to the last that reads its end or is
 * closed. No caller touches it outside a hold. The lock is held for a few steps only. The code that callers wait for in
 * every hold uses no streams or lambdas: the JVM runs it for the first time then, and needs half a millisecond to link
 * each of them. Thread-safe.
 */
final class GateGroup {
    /**
     * How long a wait for use makes no progress before we assume that a caller may be waiting with a connection: most
     * transactions are shorter.
     */
    static final Duration PATIENCE = Duration.ofMillis(25);
    /** How long a gate waits before the data source reports what it waits for. */
    static final Duration TELLS_AFTER = Duration.ofMillis(200);

    private static final Map<String, GateGroup> GROUPS = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as are all fields below. */
    private final List<Member> members = new ArrayList<>();
    /** How many members each name has, by the name's transition: a process may have many data sources for one name. */
    private final Map<String, Integer> names = new HashMap<>();

    private final LetThrough letThrough = new LetThrough();
    /** When the number of connections taken before the hold last fell, or a gate was closed, on the monotonic clock. */
    private long progressAt;

    private boolean stuck;

    /**
     * Which run a transition belongs to: the transitions of a group's names have the run's id followed by {@code -1},
     * {@code -2} ...; a run's id has one dash.
     */
    static String run(String transitionId) {
        int first = transitionId.indexOf('-');
        int second = transitionId.indexOf('-', first + 1);
        return first < 0 || second < 0 ? transitionId : transitionId.substring(0, second);
    }

    /** How many runs the data sources of this process take part in. */
    static int runs() {
        return GROUPS.size();
    }

    /** One data source. Its methods are for the control thread, except {@link #settle}. */
    static final class Member {
        private final String database;
        private final Borrower borrower;
        private volatile GateGroup group = new GateGroup();
        private @Nullable String transition;

        // Below: guarded by the group's lock.
        private Stage stage = Stage.IDLE;
        private @Nullable PoolGeneration pool;
        private List<PoolGeneration> replaced = List.of();
        private Runnable held = () -> {};
        private int unknown;

        /** Not in any run yet. */
        Member(String database, Borrower borrower) {
            this.database = database;
            this.borrower = borrower;
            group.add(this);
        }

        /** The settings have this transition; null for none. */
        void follow(@Nullable String transitionId) {
            if (Objects.equals(transition, transitionId)) {
                return;
            }
            leave();
            transition = transitionId;
            if (transitionId == null) {
                group = new GateGroup();
                group.add(this);
            } else {
                GROUPS.compute(run(transitionId), (run, known) -> {
                    group = known == null ? new GateGroup() : known;
                    group.add(this);
                    return group;
                });
            }
        }

        /** Leaves its group; the other members don't wait for it any more. */
        void leave() {
            borrower.letNobodyThrough();
            GateGroup left = group;
            String transitionId = transition;
            if (transitionId == null) {
                left.remove(this);
            } else {
                GROUPS.computeIfPresent(run(transitionId), (run, known) -> known.remove(this) ? null : known);
            }
            left.settleOthersThan(name(this));
        }

        /** Its gate is open, or is about to open. */
        void opened() {
            GateGroup own = group;
            own.lock.lock();
            try {
                become(Stage.OPEN);
            } finally {
                own.lock.unlock();
            }
        }

        /**
         * Its gate was closed.
         *
         * @param served the pool behind it, which is paused
         * @param draining pools that must not be in use either
         * @param whenHeld runs once the gate is HELD, on any thread; must neither block nor throw
         */
        void closed(PoolGeneration served, List<PoolGeneration> draining, Runnable whenHeld, long now) {
            GateGroup own = group;
            own.lock.lock();
            try {
                become(Stage.CLOSED);
                pool = served;
                replaced = draining;
                held = whenHeld;
                unknown = own.letThrough.unknown(pools());
                own.progressAt = now;
                own.stuck = false;
            } finally {
                own.lock.unlock();
            }
        }

        private void become(Stage next) {
            borrower.letNobodyThrough();
            stage = next;
            pool = null;
            replaced = List.of();
        }

        /** Makes the gates HELD, if possible; returns whether this one is. Any thread. */
        boolean settle() {
            return group.settle(this);
        }

        /** Lets callers through, if it is time; returns at once. */
        void letThrough(long now) {
            group.letThrough(this, now);
        }

        /** Whether other names of the run are in this process. */
        boolean hasOthers() {
            return group.isOfSeveralNames();
        }

        /** What prevents it from being HELD besides its own connections. */
        Optional<String> waitsFor() {
            return group.waitsFor(this);
        }

        private List<PoolGeneration> pools() {
            List<PoolGeneration> pools = new ArrayList<>();
            if (pool != null && !pool.isClosed()) {
                pools.add(pool);
            }
            for (PoolGeneration each : replaced) {
                if (!each.isClosed()) {
                    pools.add(each);
                }
            }
            return pools;
        }

        private int inUse() {
            int inUse = 0;
            for (PoolGeneration each : pools()) {
                inUse += each.figures().active();
            }
            return inUse;
        }

        private Gate gate() {
            return new Gate(name(this), stage, inUse(), unknown);
        }
    }

    private void add(Member member) {
        lock.lock();
        try {
            members.add(member);
            names.merge(name(member), 1, Integer::sum);
            member.unknown = letThrough.unknown(member.pools()); // includes what another run let through
        } finally {
            lock.unlock();
        }
    }

    /** Removes a member; returns whether the group is now empty. */
    private boolean remove(Member member) {
        lock.lock();
        try {
            if (members.remove(member)) {
                names.computeIfPresent(name(member), (name, count) -> count == 1 ? null : count - 1);
            }
            return members.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private static String name(Member member) {
        return String.valueOf(member.transition);
    }

    private boolean isOfSeveralNames() {
        lock.lock();
        try {
            return names.size() > 1;
        } finally {
            lock.unlock();
        }
    }

    /** Members of one name don't wait for each other. */
    private void settleOthersThan(String name) {
        lock.lock();
        try {
            boolean others = names.size() > (names.containsKey(name) ? 1 : 0);
            if (others) {
                List.copyOf(members).forEach(this::settle);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean settle(Member member) {
        lock.lock();
        try {
            if (member.stage != Stage.CLOSED) {
                return member.stage == Stage.HELD;
            }
            List<Member> together = isOfSeveralNames() ? List.copyOf(members) : List.of(member);
            if (areHeld(together)) {
                List<Member> closed = new ArrayList<>();
                for (Member each : together) {
                    if (each.stage == Stage.CLOSED) {
                        closed.add(each);
                        shut(each);
                    }
                }
                if (areHeld(together)) { // check again now that nobody can get in
                    for (Member each : closed) {
                        each.stage = Stage.HELD;
                        each.held.run();
                    }
                }
            }
            return member.stage == Stage.HELD;
        } finally {
            lock.unlock();
        }
    }

    private static boolean areHeld(List<Member> members) {
        List<Gate> gates = new ArrayList<>();
        for (Member each : members) {
            gates.add(each.gate());
        }
        return GroupDecisions.areHeld(gates);
    }

    private static void shut(Member member) {
        member.borrower.letNobodyThrough();
        if (member.pool != null) {
            member.pool.pause();
        }
    }

    private void letThrough(Member member, long now) {
        lock.lock();
        try {
            noteProgress(now);
            Passage passage = GroupDecisions.passage(
                    member.gate(), members.stream().map(Member::gate).toList(), stuck);
            PoolGeneration pool = member.pool;
            boolean anybody = passage == Passage.EVERYBODY;
            if (pool != null && (anybody || (passage == Passage.KNOWN && letThrough.isAny()))) {
                pool.resume(); // a pool without connections could let nobody through
                member.borrower.letThrough(pool, letThrough, anybody);
            } else {
                member.borrower.letNobodyThrough();
            }
        } finally {
            lock.unlock();
        }
    }

    private void noteProgress(long now) {
        for (Member each : members) {
            if (each.stage == Stage.CLOSED) {
                int left = letThrough.unknown(each.pools());
                if (left < each.unknown) {
                    each.unknown = left;
                    progressAt = now;
                }
            }
        }
        stuck |= now - progressAt >= PATIENCE.toNanos();
    }

    private Optional<String> waitsFor(Member member) {
        lock.lock();
        try {
            if (member.stage != Stage.CLOSED) {
                return Optional.empty();
            }
            List<Member> others = members.stream()
                    .filter(each -> !name(each).equals(name(member)))
                    .filter(each -> each.stage == Stage.OPEN || (each.stage == Stage.CLOSED && each.inUse() > 0))
                    .toList();
            return others.isEmpty() ? Optional.empty() : Optional.of(text(member, others));
        } finally {
            lock.unlock();
        }
    }

    private static String text(Member member, List<Member> others) {
        int waiting = member.borrower.waiting();
        int inUse = others.stream().mapToInt(Member::inUse).sum();
        return member.database + " can't become HELD before "
                + others.stream()
                        .map(each -> each.database + " ("
                                + (each.stage == Stage.OPEN ? "not held yet" : each.inUse() + " in use in this process")
                                + ")")
                        .collect(Collectors.joining(", "))
                + ": " + waiting + " caller(s) wait at the gate of " + member.database + ", at most "
                + Math.min(waiting, inUse) + " with a connection of another name";
    }
}
