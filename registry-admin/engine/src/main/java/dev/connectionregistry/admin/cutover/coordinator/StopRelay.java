package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Passes the operator's stop on to a step that waits for servers: interrupts its pauses and cancels its statements,
 * again and again until the step ends. Not for steps that write to the registry, since an interrupted write has no
 * known outcome. Opened and closed on the step's thread; after the close nothing is interrupted or cancelled, and the
 * thread is not interrupted.
 */
final class StopRelay implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(200);

    private final Thread step = Thread.currentThread();
    private final CutoverRun run;
    private final Timing.Registration registration;
    /** Guarded by this. */
    private boolean closed;
    /** Guarded by this. */
    private boolean passedOn;

    private StopRelay(Timing timing, CutoverRun run) {
        this.run = run;
        this.registration = timing.onStop(this::begin);
    }

    static StopRelay open(Timing timing, CutoverRun run) {
        return new StopRelay(timing, run);
    }

    private void begin() {
        Thread thread = new Thread(this::passOn, "cutover-stop");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void passOn() {
        try {
            while (!closed) {
                passedOn = true;
                step.interrupt();
                run.cancel();
                TimeUnit.NANOSECONDS.timedWait(this, AGAIN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread
        }
    }

    /** Whether the step was told to stop. */
    synchronized boolean passedOn() {
        return passedOn;
    }

    /** Waits for a cancel that is under way, about a second for each server that doesn't answer. */
    @Override
    public void close() {
        registration.close();
        synchronized (this) {
            closed = true;
            notifyAll();
            if (passedOn) {
                Thread.interrupted();
            }
        }
    }
}
