package dev.connectionregistry.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of one server: started, waited for, signalled and ended. It may be launched again after its end. Not
 * thread-safe: its owner takes turns.
 */
final class ServerProcess {

    private final Watcher watcher;
    private @Nullable ChildProcess process;

    ServerProcess(Watcher watcher) {
        this.watcher = watcher;
    }

    /**
     * What to launch.
     *
     * @param server its name, for messages
     * @param command program and arguments
     * @param log takes its output
     * @param readiness what the server does when it is ready, such as {@code answer}
     * @param timeout how long that may take
     */
    record Launch(String server, List<String> command, Path log, String readiness, Duration timeout) {}

    /**
     * Starts the server and waits until {@code ready}; after a failure, nothing keeps running.
     *
     * @throws LocalServerException with the end of its log, if the server isn't ready in time or has ended
     */
    void launch(Launch launch, Deadline.Condition<RuntimeException> ready) {
        ChildProcess child = watcher.launch(launch.command(), launch.log());
        process = child;
        String failure = "";
        try {
            boolean inTime =
                    Deadline.in(launch.timeout()).await(launch.server(), () -> !child.isAlive() || ready.holds());
            failure = failure(launch, child, inTime);
        } finally {
            if (!failure.isEmpty() || Thread.currentThread().isInterrupted()) {
                child.destroy();
                forget();
            }
        }
        if (!failure.isEmpty()) {
            throw new LocalServerException(failure + "; end of its log:\n" + ChildProcess.tail(launch.log(), 20));
        }
    }

    /** The failure as text; empty if there is none. */
    private static String failure(Launch launch, ChildProcess child, boolean inTime) {
        if (!inTime) {
            return launch.server() + " did not " + launch.readiness() + " within " + launch.timeout();
        }
        return child.isAlive() ? "" : launch.server() + " ended while it was starting";
    }

    /** Whether it was launched and not ended by this object; it may have crashed. */
    boolean isThere() {
        return process != null;
    }

    /** Whether it runs now. */
    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /**
     * Returns the running process.
     *
     * @throws IllegalStateException naming {@code server}, if there is none
     */
    ChildProcess running(Object server) {
        if (process == null) {
            throw new IllegalStateException(server + " does not run");
        }
        return process;
    }

    /**
     * Asks the process to end, even if it is frozen; false if it has not ended within {@code timeout} and keeps
     * running. True if there is none.
     */
    boolean end(String signal, Duration timeout) {
        if (process == null) {
            return true;
        }
        process.resumeTree();
        process.signal(signal);
        boolean ended = process.awaitExit(timeout);
        if (ended) {
            forget();
        }
        return ended;
    }

    /**
     * Sends SIGKILL to the process and all its descendants; returns when all are gone. Does nothing if there is none.
     */
    void kill() {
        if (process != null) {
            process.killTree();
            forget();
        }
    }

    private void forget() {
        process = null;
        watcher.serverEnded();
    }
}
