package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A control thread on which time passes only when a test says so; tasks run on the test's own thread. */
public final class ManualScheduler implements Scheduler {
    private final Deque<Runnable> ready = new ArrayDeque<>();
    /** Not a queue, which would look through all it has for one that was cancelled. */
    private final NavigableSet<Planned> planned =
            new TreeSet<>(Comparator.comparingLong(Planned::at).thenComparingLong(Planned::order));

    private long now = Duration.ofDays(1).toNanos();
    private long order;

    private record Planned(long at, long order, Runnable task) {}

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
        Planned entry = new Planned(now + delay.toNanos(), order++, task);
        planned.add(entry);
        return () -> planned.remove(entry);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void close() {
        ready.clear();
        planned.clear();
    }

    /** Runs what is ready, and what that makes ready. */
    public void run() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }

    /** Lets time pass, running everything that falls due, each at its time. */
    public void pass(Duration duration) {
        run();
        long end = now + duration.toNanos();
        while (!planned.isEmpty() && planned.first().at() <= end) {
            Planned next = planned.pollFirst();
            now = Math.max(now, next.at());
            next.task().run();
            run();
        }
        now = end;
    }
}
