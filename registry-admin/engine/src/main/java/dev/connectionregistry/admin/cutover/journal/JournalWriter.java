package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run's journal on a thread of its own, so that no step waits for it: in order; if several documents wait, it
 * writes only the latest. Thread-safe; its owner closes it.
 */
public final class JournalWriter implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final CutoverRegistry registry;
    private final Thread thread;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition changed = guard.newCondition();
    /** The next four fields are guarded by "guard". */
    private @Nullable Pending waiting;

    private boolean writing;
    private boolean closed;
    private Optional<String> problem = Optional.empty();

    private record Pending(CutoverLock held, Map<String, ?> document) {}

    /** Writes to {@code registry}; starts the thread. */
    public JournalWriter(CutoverRegistry registry) {
        this.registry = registry;
        thread = new Thread(this::work, "cutover-journal");
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues a document to be written under this lock; never waits. */
    public void submit(CutoverLock held, Map<String, ?> document) {
        guard.lock();
        try {
            waiting = new Pending(held, document);
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /**
     * Waits until all that was submitted is written.
     *
     * @return why the latest could not be written, or wasn't within {@code bound}; empty if it was
     */
    public Optional<String> flush(Duration bound) throws InterruptedException {
        long rest = bound.toNanos();
        guard.lock();
        try {
            while (waiting != null || writing) {
                if (rest <= 0) {
                    return Optional.of("the registry did not answer within " + bound.toMillis() + " ms");
                }
                rest = changed.awaitNanos(rest);
            }
            return problem;
        } finally {
            guard.unlock();
        }
    }

    private void work() {
        try {
            for (Pending next = take(); next != null; next = take()) {
                finished(write(next));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed while the registry did not answer
        }
    }

    private @Nullable Pending take() throws InterruptedException {
        guard.lock();
        try {
            while (waiting == null && !closed) {
                changed.await();
            }
            Pending next = waiting;
            waiting = null;
            writing = next != null;
            return next;
        } finally {
            guard.unlock();
        }
    }

    private Optional<String> write(Pending next) {
        try {
            return registry.writeJournal(next.held(), next.document())
                    ? Optional.empty()
                    : Optional.of("another coordinator has the lock");
        } catch (RegistryException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) { // the thread must survive any exception
            return Optional.of("unexpected: " + e);
        }
    }

    private void finished(Optional<String> how) {
        guard.lock();
        try {
            problem = how;
            writing = false;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /** Ends the thread once it has written what waits, or after two seconds. */
    @Override
    public void close() {
        guard.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, LONGEST_CLOSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
