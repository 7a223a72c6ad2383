package dev.connectionregistry.admin.replication.status;

import java.time.Duration;
import java.util.List;

/**
 * A process of a replication that waits for a lock. Immutable.
 *
 * @param subscription the subscription whose changes it applies or sends; empty if it copies a table
 * @param worker what it does, for people: {@code the worker of subscription "orders"},
 *     {@code the copy of public.orders}
 * @param onTarget whether it waits on the target; otherwise on the source
 * @param waiting for how long it has waited, at least
 * @param lock the lock it waits for: {@code ROW EXCLUSIVE on public.orders}
 * @param holders the processes that hold it up, in words without data
 * @param processes their process ids; 0 stands for a prepared transaction
 */
public record BlockedWorker(
        String subscription,
        String worker,
        boolean onTarget,
        Duration waiting,
        String lock,
        String holders,
        List<Integer> processes) {
    public BlockedWorker {
        processes = List.copyOf(processes);
    }

    /** {@code target} or {@code source}. */
    public String side() {
        return onTarget ? "target" : "source";
    }

    /** What is wrong, as one sentence. */
    public String text() {
        return worker + " waits for a lock on the " + side() + ", " + lock + ", for " + waiting.toSeconds()
                + " s so far; " + holders + (processes.size() == 1 ? " holds it up" : " hold it up");
    }

    public String remedy() {
        List<String> sessions = processes.stream()
                .filter(each -> each != 0)
                .distinct()
                .map(each -> "SELECT pg_terminate_backend(" + each + ");")
                .toList();
        return "let that transaction end"
                + (sessions.isEmpty()
                        ? ": COMMIT PREPARED or ROLLBACK PREPARED on the " + side()
                        : ", or end it on the " + side() + ": " + String.join(" ", sessions));
    }
}
