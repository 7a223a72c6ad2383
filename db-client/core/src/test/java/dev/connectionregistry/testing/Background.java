package dev.connectionregistry.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Work beside a test, each on a thread of its own. The common pool won't do: on a machine of two cores it has one thread, and
 * from JDK 25 on the second task waits there for the first.
 */
public final class Background {
    private static final Executor THREAD_EACH = task -> {
        Thread thread = new Thread(task, "test-background");
        thread.setDaemon(true);
        thread.start();
    };

    private Background() {}

    /** Begins to compute. */
    public static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, THREAD_EACH);
    }

    /** Begins to run. */
    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, THREAD_EACH);
    }
}
