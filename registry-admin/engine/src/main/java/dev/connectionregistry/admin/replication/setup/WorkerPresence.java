package dev.connectionregistry.admin.replication.setup;

import java.time.Duration;

/** How steadily a worker runs, from looks at its process: 0 for none. For one thread. */
final class WorkerPresence {
    private final Duration patience;
    private int last;
    private int workers;
    private long steadyAt = Long.MIN_VALUE;

    /** Reports a worker as missing if none lasts from one look to the next for {@code patience}. */
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

    /** How many different workers were seen. */
    int workers() {
        return workers;
    }

    /** Whether none has stayed from one look to the next for longer than the patience. */
    boolean isMissing(long now) {
        return steadyAt != Long.MIN_VALUE && now - steadyAt > patience.toNanos();
    }
}
