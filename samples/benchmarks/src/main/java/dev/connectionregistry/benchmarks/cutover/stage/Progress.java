package dev.connectionregistry.benchmarks.cutover.stage;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says on a stream what is going on, and says it again when nothing new came for some seconds. Thread-safe. */
public final class Progress implements AutoCloseable {
    private static final long SILENCE_SECONDS = 4;

    private final PrintStream stream;
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService reminder = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });
    /** Guarded by "this". */
    private String latest = "starting";
    /** Guarded by "this". */
    private long saidNanos = startNanos;

    /** Begins to watch for silence; the caller must {@link #close()} it. */
    public Progress(PrintStream stream) {
        this.stream = stream;
        var unused = reminder.scheduleWithFixedDelay(this::remind, 1, 1, TimeUnit.SECONDS);
    }

    /** Writes one line, with the time since the start. */
    public synchronized void say(String what) {
        latest = what;
        print(what);
    }

    private synchronized void remind() {
        if (System.nanoTime() - saidNanos > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
            print("... " + latest);
        }
    }

    private synchronized void print(String what) {
        saidNanos = System.nanoTime();
        stream.println(String.format(Locale.ROOT, "%6.1f s  %s", (saidNanos - startNanos) / 1e9, what));
    }

    /** Says nothing more by itself. Idempotent. */
    @Override
    public void close() {
        reminder.shutdownNow();
    }
}
