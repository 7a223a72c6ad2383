package dev.connectionregistry.samples.fleet.instance;

import java.io.PrintStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes events in batches from a thread of its own, so that a worker never waits for the pipe. Thread-safe. When nobody
 * reads any more the process ends: a load without anyone who counts it is of no use.
 */
final class EventWriter {
    private static final long BATCH_MILLIS = 50;

    private final Queue<InstanceEvent> queue = new ConcurrentLinkedQueue<>();
    private final PrintStream out;
    private final Thread thread = new Thread(this::run, "events");
    private volatile boolean closing;

    EventWriter(PrintStream out) {
        this.out = out;
        thread.setDaemon(true);
        thread.start();
    }

    void add(InstanceEvent event) {
        queue.add(event);
    }

    /** Returns when everything has been written. */
    void finish() throws InterruptedException {
        closing = true;
        thread.join();
    }

    private void run() {
        try {
            while (!closing) {
                writeAll();
                Thread.sleep(BATCH_MILLIS);
            }
            writeAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        StringBuilder batch = new StringBuilder();
        for (InstanceEvent event = queue.poll(); event != null; event = queue.poll()) {
            batch.append(event.line()).append('\n');
        }
        out.print(batch);
        if (out.checkError()) {
            Runtime.getRuntime().halt(InstanceMain.ABANDONED);
        }
    }
}
