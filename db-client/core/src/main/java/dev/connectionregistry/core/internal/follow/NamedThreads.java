package dev.connectionregistry.core.internal.follow;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads whose names say which part they belong to. */
public final class NamedThreads {
    private NamedThreads() {}

    /** Gives all threads this name; for single-thread executors. */
    public static ThreadFactory called(String name) {
        return task -> daemon(task, name);
    }

    /** Names the threads {@code prefix-1}, {@code prefix-2} and so on. */
    public static ThreadFactory numbered(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> daemon(task, prefix + "-" + number.incrementAndGet());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
