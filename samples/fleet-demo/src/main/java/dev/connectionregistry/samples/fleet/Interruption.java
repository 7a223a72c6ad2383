package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.show.Screen;
import java.util.concurrent.CountDownLatch;

/** Cleans up on Ctrl-C and SIGTERM, and keeps what fails in consequence from being reported. Thread-safe. */
final class Interruption {
    private volatile boolean happened;

    private Interruption() {}

    static Interruption watch(Screen screen, Cleanup cleanup) {
        Interruption interruption = new Interruption();
        Thread hook = new Thread(() -> interruption.end(screen, cleanup), "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return interruption;
    }

    private void end(Screen screen, Cleanup cleanup) {
        if (!cleanup.isClosed()) {
            happened = true;
            screen.endPanel();
            System.err.println("interrupted: ending servers and processes");
            cleanup.close();
        }
    }

    /** Returns at once if there was none; else never: the JVM is about to end. */
    void awaitEndIfHappened() throws InterruptedException {
        if (happened) {
            new CountDownLatch(1).await();
        }
    }
}
