package dev.connectionregistry.admin.replication.setup;

import java.time.Duration;

/** How steadily a worker is there, from looks at its process: 0 for none. For one thread. */
final class WorkerPresence {
    private final Duration patience;
    private int last;
    private int workers;
    private long steadyAt = Long.MIN_VALUE;

    /** One that isn't there for two looks in a row within {@code patience} is told. */
    WorkerPresence(Duration patience) {
        this.patience = patience;
    }

    /** Adds a look at {@code now} on the monotonic clock. */
    void look(int worker, long now) {
        if (worker != 0 && worker != last) {
            workers++;
        }
        if (steadyAt == Long.MIN_VALUE || (worker != 0 && worker == last)) {
            steadyAt = now;
        }
        last = worker;
    }

    /** How many different ones were seen. */
    int workers() {
        return workers;
    }

    /** Whether none has stayed from one look to the next for longer than the patience. */
    boolean isMissing(long now) {
        return steadyAt != Long.MIN_VALUE && now - steadyAt > patience.toNanos();
    }
}
