package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What was recently seen of the workers: a failed worker is restarted every few seconds, so a single look may find it
 * alive, and a count of errors doesn't say whether they are over. For one thread.
 */
final class WorkerHistory {
    /** Longer than two attempts of a worker, which are usually five seconds apart. */
    static final Duration MEMORY = Duration.ofSeconds(15);

    private final Deque<Look> looks = new ArrayDeque<>();

    private record Look(long nanos, ReplicationFacts facts) {}

    /** Adds a look. */
    void note(long nanos, ReplicationFacts facts) {
        looks.addLast(new Look(nanos, facts));
        while (nanos - looks.getFirst().nanos() > MEMORY.toNanos()) {
            looks.removeFirst();
        }
    }

    /** By how much the errors of a subscription have grown. */
    long newErrors(SubscriptionFacts subscription) {
        return grown(subscription, SubscriptionFacts::errors);
    }

    /** The same for errors of copying only. */
    long newCopyErrors(SubscriptionFacts subscription) {
        return grown(subscription, each -> each.copyErrors().orElse(0));
    }

    private long grown(SubscriptionFacts subscription, ToLongFunction<SubscriptionFacts> count) {
        OptionalLong first = OptionalLong.empty();
        for (Look look : looks) {
            for (SubscriptionFacts each : look.facts().subscriptions()) {
                if (each.number() == subscription.number() && first.isEmpty()) {
                    first = OptionalLong.of(count.applyAsLong(each));
                }
            }
        }
        long now = count.applyAsLong(subscription);
        return Math.max(0, now - first.orElse(now));
    }

    /** Whether at some looks it had a different worker, or none. */
    boolean comesAndGoes(SubscriptionFacts subscription) {
        Set<Integer> seen = new HashSet<>();
        looks.forEach(look -> look.facts().subscriptions().stream()
                .filter(each -> each.number() == subscription.number() && each.enabled())
                .forEach(each -> seen.add(each.worker())));
        return seen.size() > 1;
    }

    /** Whether a table waits to be copied and no worker copied it at any look, over more than one look. */
    boolean isLeft(TableProgress table) {
        if (table.state() != TableState.COPYING || looks.size() < 2) {
            return false;
        }
        Iterator<Look> all = looks.descendingIterator();
        all.next();
        return !table.worker()
                && all.next().facts().tables().stream()
                        .filter(each -> each.table().equals(table.table()))
                        .allMatch(each -> each.state() == TableState.COPYING && !each.worker());
    }

    /** A failure ends the worker, or the worker of a table that is being copied. */
    private static boolean isOver(SubscriptionFacts subscription, ReplicationFacts facts) {
        return subscription.runsFor().filter(each -> each.compareTo(MEMORY) > 0).isPresent()
                && facts.tables().stream()
                        .filter(each -> each.subscription().equals(subscription.name()))
                        .allMatch(each -> each.state() == TableState.FOLLOWING);
    }

    /** Whether what was seen so far can't be told apart from a worker that fails again and again. */
    static boolean suspicious(ReplicationFacts facts) {
        boolean worker = facts.subscriptions().stream()
                .anyMatch(
                        each -> each.enabled() && (each.worker() == 0 || (each.errors() > 0 && !isOver(each, facts))));
        boolean copy = facts.tables().stream().anyMatch(each -> each.state() == TableState.COPYING && !each.worker());
        boolean slot = facts.subscriptions().stream()
                .filter(SubscriptionFacts::enabled)
                .anyMatch(
                        each -> facts.slotOf(each).filter(one -> !one.active()).isPresent());
        return worker || copy || slot;
    }
}
