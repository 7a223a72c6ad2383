package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.local.Cleanup;
import java.util.concurrent.CountDownLatch;

/** Cleans up on Ctrl-C and SIGTERM, and keeps what fails in consequence from being reported. Thread-safe. */
public final class Interruption {
    private volatile boolean happened;

    private Interruption() {}

    /** Watches until the JVM ends. */
    public static Interruption watch(Cleanup cleanup) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.end(cleanup), "interrupted"));
        return interruption;
    }

    private void end(Cleanup cleanup) {
        if (!cleanup.isClosed()) {
            happened = true;
            System.err.println("interrupted: ending servers and programs");
            cleanup.close();
        }
    }

    /** Returns at once if there was none; else never: the JVM is about to end. */
    public void awaitEndIfHappened() throws InterruptedException {
        if (happened) {
            new CountDownLatch(1).await();
        }
    }
}
